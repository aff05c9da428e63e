use happysim::prelude::*;

topology! {
    pub Words {
        #[statistics(off)]
        source a: poisson(5/s);
        #[statistics(count)]
        source b: poisson(5/s);
        #[statistics]
        source c: poisson(5/s);
        #[statistics = "none"]
        source d: poisson(5/s);
        #[statistics(histograms)]
        node one: Server { service: exp(1ms) };
        #[statistics(full)]
        #[statistics(counts)]
        node two: Server { service: exp(1ms) };
        node three: Server { service: exp(1ms) };
        #[statistics(none)]
        shared vault: Mutex;
        #[cfg(test)]
        shared other: Mutex;
        node four: Server { service: exp(1ms) };
        a -> timeout(1s) -> one;
        #[statistics(counts)]
        b -> two;
        c -> three;
        d -> four;
    }
}

fn main() {}

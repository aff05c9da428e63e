use happysim::prelude::*;

topology! {
    /// Each element of a list lies in the range of its parameter, and so does what stands for a number.
    pub Lists {
        source users: poisson(50/s) emits KeyValueRequest = |_| KeyValueRequest::get(1);
        node lb: LoadBalancer<WeightedRoundRobin> { weights: [3, -2, 1] };
        node store[3]: ReplicatedStore { write_consistency: 0 };
        node replica[3]: KVStore { concurrency: -1 };
        users -> lb -> store[*];
        store -> replica[*];
    }
}

fn main() {}

use happysim::prelude::*;

#[entity]
pub struct Api {
    #[state]
    seen: u64,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, id: u64) -> Outcome<u64> {
        let offset: u64 = 3;
        macro_rules! plus {
            ($number:expr) => {
                $number + offset
            };
        }
        macro_rules! refuse_above {
            ($most:expr) => {
                if id > $most {
                    return Err(Failure::Application("too large"));
                }
            };
        }
        // These need nothing of what is around them.
        macro_rules! largest {
            ($first:expr $(, $other:expr)*) => {{
                let offset: u64 = $first;
                $(let offset = offset.max($other);)*
                offset
            }};
        }
        macro_rules! counted {
            ($seen:expr) => {
                [$seen].iter().map(|seen| { return seen + 1; }).sum::<u64>()
            };
        }
        refuse_above!(7);
        cx.sleep(millis(1)).await;
        self.seen = largest!(counted!(self.seen), 4);
        Ok(plus!(id))
    }
}

fn main() {}

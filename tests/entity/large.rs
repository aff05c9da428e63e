//! Large arrays that are kept across steps: they stay where they are.

use happysim::time::{Duration, millis};
use happysim::{Call, Cx, Outcome, entity};

use crate::bench::{Query, log, query, run};

const WIDTH: usize = 60;

/// What is sent: an array itself.
type Block = [u8; 400];

#[derive(Clone, Debug)]
struct Summary {
    table: [u64; 40],
    first: u64,
}

#[entity]
pub(crate) struct Store {
    #[state]
    written: u64,
    #[port]
    db: Call<Query, u64>,
}

#[entity]
impl Store {
    async fn write(&mut self, cx: &mut Cx<Self>, mut block: [u8; 400]) -> Outcome<u64> {
        let mut table: [u64; 40] = [7; 40];
        let small: [u64; 4] = [1; 4];
        let named: [(u32, Duration); WIDTH] = [(2, millis(3)); WIDTH];
        cx.sleep(named[WIDTH - 1].1).await;
        table[3] += self.db.call(query(5, 1)).await?;
        block[399] = table[3] as u8;
        // Each of these means another one.
        let sum = |table: [u64; 2]| table[0] + table[1];
        let inner: u64 = {
            let table = [1_u64, 2];
            sum(table)
        };
        let hidden: u64 = match Some(9_u64) {
            Some(table) if table > 8 => table,
            _ => table[0],
        };
        let of_condition: u64 = if let Some(table) = Some(4_u64)
            && table > 3
        {
            table
        } else {
            table[1]
        };
        cx.sleep(millis(1)).await;
        // These mean this one.
        let copies = vec![table; 2];
        let is_equal = matches!(table[3], 12) && copies[1] == table;
        assert!([[1_u64; 2]].iter().all(|table| table[0] == 1), "{}", table[0]);
        assert!(matches!(Some(table[3]), Some(table) if table == 12));
        assert_eq!(format!("{table} {}", table[0], table = table.len()), "40 7");
        let Summary { table: inside, first } = Summary { table, first: table[0] };
        let by_closure = || table.iter().sum::<u64>() + inside[3];
        log(cx, format!("{inner} {hidden} {of_condition} {is_equal} {first} {}", by_closure()));
        let mut read: [u64; 30] = self.db.call(query(2, 1)).await.map(|id| [id; 30])?;
        cx.sleep(millis(1)).await;
        read[0] += 1;
        log(cx, format!("{}", read.iter().sum::<u64>()));
        let table: u64 = table.len() as u64;
        cx.sleep(millis(1)).await;
        log(cx, format!("{table} {} {}", block[399], small[0]));
        self.written += block.iter().map(|byte| u64::from(*byte)).sum::<u64>();
        Ok(self.written)
    }
}

#[test]
fn each_use_means_what_it_would_in_an_ordinary_function() {
    let store = Store::parameters().build().unwrap();
    let block: Block = [1; 400];
    let log = run(store, vec![(0, block)]);
    assert_eq!(log, ["5 3 9 4 true 7 297", "7 61", "8 40 12 1", "8 answer Ok(411)"]);
}

#[test]
fn a_state_has_the_place_of_an_array_and_not_its_content() {
    let (state, arrays) = (size_of::<StoreWrite>(), size_of::<[(u32, Duration); WIDTH]>());
    // But before its first step, when nothing has been put anywhere.
    assert!(state < size_of::<Block>() + 16 && arrays > 900, "{state}");
    assert!(size_of::<MeterCount>() <= 32);
}

/// Counts in a large table, for ever.
#[entity]
pub(crate) struct Meter {
    #[state]
    highest: u64,
}

#[entity]
impl Meter {
    #[process]
    async fn count(&mut self, cx: &mut Cx<Self>) {
        let mut table: [u64; 512] = [0; 512];
        loop {
            cx.sleep(millis(1)).await;
            let place: usize = (self.highest % 512) as usize;
            table[place] += 1;
            self.highest = self.highest.max(table[place]);
        }
    }
}

use happysim::prelude::*;

struct Query;

#[derive(Clone)]
struct Row;

#[entity]
struct Api {
    #[port]
    db: Call<Query, Vec<Row>>,
    #[port]
    log: Send<Row>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, _id: u64) -> Outcome<usize> {
        let rows = self.db.call(Query).await?;
        for row in &rows {
            self.log.send(cx, row.clone());
        }
        Ok(rows.len())
    }
}

#[entity]
struct Cache<Key: Message> {
    #[port]
    store: Call<Key, Row>,
}

#[entity]
impl<Key: Message> Cache<Key> {
    async fn read(&mut self, cx: &mut Cx<Self>, key: Key) -> Outcome<Row> {
        cx.sleep(millis(1)).await;
        self.store.call(key).await
    }
}

topology! {
    Shop {
        source users: poisson(5/s) emits u64 = |arrival| arrival.number;
        node api: Api;
        node db: Database<Query, Vec<Row>> { connections: 3, query: 1ms };
        node log: Sink<Row>;
        users -> api;
        api.db -> db;
        api.log -> log;
    }
}

fn main() {}

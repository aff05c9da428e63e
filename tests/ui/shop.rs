//! What the cases are made of.
#![allow(dead_code)]

use happysim::prelude::*;

#[derive(Clone, Debug, Default)]
pub struct Request;
#[derive(Clone, Debug, Default)]
pub struct Query;
#[derive(Clone, Debug, Default)]
pub struct Rows;
#[derive(Clone, Debug, Default)]
pub struct Line;

/// Answers requests with the help of a database.
#[entity]
pub struct Api {
    cpu: Distribution,
    #[param(default = millis(250))]
    patience: Varying<Duration>,
    #[port]
    db: Call<Query, Rows>,
}

#[entity]
impl Api {
    async fn handle(&mut self, cx: &mut Cx<Self>, _request: Request) -> Outcome<()> {
        cx.sleep(self.cpu.sample(cx)).await;
        self.db.call(Query).await?;
        Ok(())
    }
}

/// Answers queries, takes lines, and is a part of nothing else.
#[entity]
pub struct Store {
    #[param(default = 0.1)]
    misses: Chance,
    #[state]
    lines: usize,
}

#[entity]
impl Store {
    async fn read(&mut self, cx: &mut Cx<Self>, _query: Query) -> Outcome<Rows> {
        cx.sleep(millis(1)).await;
        Ok(Rows)
    }

    async fn write(&mut self, cx: &mut Cx<Self>, _line: Line) -> Outcome<()> {
        cx.sleep(millis(1)).await;
        self.lines += 1;
        Ok(())
    }
}

/// Asks a store and writes a log.
#[entity]
pub struct Gateway {
    #[shared]
    lock: Mutex,
    #[port]
    store: Call<Query, Rows>,
    #[port]
    log: Send<Line>,
}

#[entity]
impl Gateway {
    async fn serve(&mut self, cx: &mut Cx<Self>, _request: Request) -> Outcome<()> {
        let _lock = self.lock.lock().await;
        self.store.call(Query).await?;
        self.log.send(cx, Line);
        Ok(())
    }
}

use happysim::prelude::*;

#[path = "../shop.rs"]
mod shop;
use shop::*;

#[entity]
pub struct Front {
    workers: Resource,
    #[port]
    db: Call<Query, Rows>,
}

#[entity]
impl Front {
    async fn forgets_the_question_mark(
        &mut self,
        cx: &mut Cx<Self>,
        _request: Request,
    ) -> Outcome<Rows> {
        let _worker: Permit = self.workers.acquire(1).timeout(millis(5)).await;
        let rows: Rows = self.db.call(Query).await;
        Ok(rows)
    }

    async fn hands_on_another_reply(&mut self, cx: &mut Cx<Self>, _line: Line) -> Outcome<Line> {
        self.db.call(Query).await
    }

    async fn forgets_to_answer(&mut self, cx: &mut Cx<Self>, _query: Query) -> Outcome<Rows> {
        cx.sleep(millis(3)).await;
    }

    async fn returns_no_outcome(&mut self, cx: &mut Cx<Self>, count: u64) -> Outcome<Rows> {
        if count == 0 {
            return Rows;
        }
        match self.db.call(Query).await {
            Ok(rows) => Ok(rows),
            Err(failure) => return failure,
        }
    }

    async fn of_a_helper(&mut self, cx: &mut Cx<Self>, _count: u8) -> Outcome<Line> {
        let rows: Rows = self.helper(cx).await;
        cx.sleep(millis(1)).await;
        drop(rows);
        self.helper(cx).await
    }

    async fn helper(&mut self, cx: &mut Cx<Self>) -> Outcome<Rows> {
        self.db.call(Query).await
    }
}

fn main() {}

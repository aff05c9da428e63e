//! A topology by hand with one node: an entity under test, in front of an echo.

use std::cell::RefCell;
use std::fmt::Debug;

use happysim::__private::{
    Answer, AskTable, Binder, BuildError, CallKey, CallTable, Core, Due, Envelope, Handler,
    LiveTask, MachineInfo, Node, NodeInfo, NodeKind, Port, Receive, ReplyTo, SoleHandler,
    TaskStore as _, Token, Topology, Visitor, Wake, Wire,
};
use happysim::time::{Clock, Duration, Instant, millis};
use happysim::{Context, Failure, Outcome, Setup};

/// What the echo is asked: to answer with `id` after `delay`, or with a failure.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) id: u64,
    pub(crate) delay: Duration,
    pub(crate) fails: bool,
}

/// A query that is answered with `id` after so many milliseconds.
pub(crate) fn query(id: u64, delay: u64) -> Query {
    Query { id, delay: millis(delay), fails: false }
}

/// A query that fails after so many milliseconds.
pub(crate) fn failing(id: u64, delay: u64) -> Query {
    Query { fails: true, ..query(id, delay) }
}

thread_local! {
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Notes something together with the time.
pub(crate) fn log(cx: &impl Clock, text: impl AsRef<str>) {
    let ms = cx.now().since(Instant::ZERO).as_nanos() / 1_000_000;
    note(format!("{ms} {}", text.as_ref()));
}

/// Notes something without the time.
pub(crate) fn note(text: String) {
    LOG.with_borrow_mut(|log| log.push(text));
}

pub(crate) fn take_log() -> Vec<String> {
    LOG.take()
}

/// Notes when it is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Tracer(pub(crate) &'static str);

impl Tracer {
    pub(crate) fn new(name: &'static str) -> Self {
        Self(name)
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        note(format!("drop {}", self.0));
    }
}

#[derive(Clone, Debug)]
enum Post<Q> {
    Request(Q),
    Reply(ReplyTo, Instant, Outcome<u64>),
}

/// The context of the entity under test.
pub(crate) struct BenchCx<'a, Q> {
    core: &'a mut Core,
    table: &'a mut CallTable<u64>,
    lines: &'a mut CallTable<()>,
    posts: &'a mut Vec<Post<Q>>,
}

impl<Q> Clock for BenchCx<'_, Q> {
    fn now(&self) -> Instant {
        self.core.scheduler.now()
    }
}

impl<Q> Context for BenchCx<'_, Q> {
    fn core(&mut self) -> &mut Core {
        self.core
    }

    fn shared(&self) -> &Core {
        self.core
    }
}

/// A message that the bench takes from the entity under test.
pub(crate) trait Outgoing: Sized {
    type Reply;
    fn table<'c, Q>(cx: &'c mut BenchCx<'_, Q>) -> &'c mut CallTable<Self::Reply>;
    fn deliver<Q>(cx: &mut BenchCx<'_, Q>, envelope: Envelope<Self>);
}

impl Outgoing for Query {
    type Reply = u64;

    fn table<'c, Q>(cx: &'c mut BenchCx<'_, Q>) -> &'c mut CallTable<u64> {
        cx.table
    }

    fn deliver<Q>(cx: &mut BenchCx<'_, Q>, envelope: Envelope<Self>) {
        let query = envelope.message;
        let outcome = if query.fails { Err(Failure::Crashed) } else { Ok(query.id) };
        let now = cx.now();
        cx.posts.push(Post::Reply(envelope.reply_to, now, outcome));
        let post = (cx.posts.len() - 1) as u16;
        cx.core.scheduler.after(query.delay, Token::deliver(post, ReplyTo::NOBODY));
    }
}

/// One-way messages are noted.
impl Outgoing for String {
    type Reply = ();

    fn table<'c, Q>(cx: &'c mut BenchCx<'_, Q>) -> &'c mut CallTable<()> {
        cx.lines
    }

    fn deliver<Q>(cx: &mut BenchCx<'_, Q>, envelope: Envelope<Self>) {
        log(cx, envelope.message);
    }
}

impl<Q, P: Port> Wire<P> for BenchCx<'_, Q>
where
    P::Message: Outgoing<Reply = P::Reply>,
{
    fn lanes(&self) -> usize {
        1
    }

    fn number(&self) -> u16 {
        0
    }

    fn table(&mut self) -> &mut CallTable<P::Reply> {
        P::Message::table(self)
    }

    fn deliver(&mut self, envelope: Envelope<P::Message>) {
        P::Message::deliver(self, envelope);
    }
}

/// The entity under test, and the requests for it with the milliseconds at which they come.
#[derive(Clone, Debug)]
pub(crate) struct Script<E, Q> {
    entity: E,
    requests: Vec<(u64, Q)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Bench<E: SoleHandler>
where
    E: Handler<E::Name>,
{
    core: Core,
    node: Node<E>,
    table: CallTable<u64>,
    lines: CallTable<()>,
    posts: Vec<Post<E::Request>>,
}

impl<E> Bench<E>
where
    E: SoleHandler + Handler<E::Name>,
{
    fn parts(&mut self) -> (&mut Node<E>, BenchCx<'_, E::Request>) {
        let cx = BenchCx {
            core: &mut self.core,
            table: &mut self.table,
            lines: &mut self.lines,
            posts: &mut self.posts,
        };
        (&mut self.node, cx)
    }

    fn answer(&mut self, answer: &Answer<E::Reply>) {
        let ms = self.core.scheduler.now().since(Instant::ZERO).as_nanos() / 1_000_000;
        note(format!("{ms} answer {:?}", answer.outcome));
    }
}

impl<E> Topology for Bench<E>
where
    E: SoleHandler + Handler<E::Name>,
    for<'a> E: Receive<E::Name, BenchCx<'a, <E as Handler<E::Name>>::Request>>,
{
    type Params = Script<E, E::Request>;
    const NAME: &'static str = "Bench";
    const DIAGRAM: &'static str = "";

    fn build(params: &Self::Params, mut core: Core) -> Result<Self, Vec<BuildError>> {
        let mut entity = params.entity.clone();
        entity.bind(&mut Binder::new(&mut core, "node"));
        core.nodes.push(NodeInfo {
            path: "node",
            entity: E::NAME,
            machines: E::MACHINES,
            kind: NodeKind::Node,
            is_relay: E::IS_RELAY,
            replicas: None,
        });
        let mut posts = Vec::new();
        for (at, request) in &params.requests {
            let post = posts.len() as u16;
            posts.push(Post::Request(request.clone()));
            core.scheduler.at(
                Instant::ZERO.saturating_add(millis(*at)),
                Token::deliver(post, ReplyTo::NOBODY),
            );
        }
        let node = Node::new(0, vec![entity]).expect("there is one");
        Ok(Self { core, node, table: CallTable::default(), lines: CallTable::default(), posts })
    }

    fn core(&self) -> &Core {
        &self.core
    }

    fn core_mut(&mut self) -> &mut Core {
        &mut self.core
    }

    fn launch(&mut self) {
        let (node, mut cx) = self.parts();
        E::launch(node, &mut cx, 0);
    }

    fn dispatch(&mut self, token: Token) {
        match token.due() {
            Due::Wake(wake) => {
                let (node, mut cx) = self.parts();
                let answer = E::resume(node, &mut cx, wake).and_then(E::answer);
                if let Some(answer) = answer {
                    self.answer(&answer);
                }
            }
            Due::Deliver(post, _) => match self.posts[post as usize].clone() {
                Post::Request(message) => {
                    let (node, mut cx) = self.parts();
                    let envelope = Envelope { message, reply_to: ReplyTo::NOBODY, replica: 0 };
                    let machine = Wake::of(0, E::MACHINE);
                    if let Some(answer) = E::receive(node, &mut cx, machine, envelope).answer {
                        self.answer(&answer);
                    }
                }
                Post::Reply(to, sent_at, outcome) => {
                    self.table.answer(&mut self.core.scheduler, to, sent_at, outcome);
                }
            },
            _ => self.core.handle(token),
        }
    }

    fn give_up(&mut self, _: u16, key: CallKey, cancel: bool) -> bool {
        let now = self.core.scheduler.now();
        note("call given up".to_owned());
        self.table.give_up(now, key, cancel).is_some()
    }

    fn ask<A: AskTable>(&mut self, wire: u16, question: A) -> Option<A::Answer> {
        (wire == 0).then(|| question.ask(&mut self.table, &mut self.core.scheduler))
    }

    fn task(&self, _: u16, machine: u8, slot: u32) -> Option<LiveTask<'_>> {
        self.node.tasks.find(machine, slot)
    }

    fn glance(&self, wake: Wake) -> usize {
        self.node.tasks.glance(wake.machine(), wake.slot())
    }

    fn waits(&self, wake: Wake) -> bool {
        self.node.tasks.waits(wake.machine(), wake.slot(), wake.epoch())
    }

    fn visit(&self, visitor: &mut impl Visitor) {
        visitor.node("node", &self.node, &[]);
    }

    fn reset_stats(&mut self) {}

    fn set_timed(&mut self, _: bool) {}
}

/// Runs an entity until nothing is left to do, and returns what was noted.
pub(crate) fn run<E>(
    entity: E,
    requests: Vec<(u64, <E as Handler<E::Name>>::Request)>,
) -> Vec<String>
where
    E: SoleHandler + Handler<<E as SoleHandler>::Name>,
    for<'a> E: Receive<E::Name, BenchCx<'a, <E as Handler<E::Name>>::Request>>,
{
    take_log();
    let mut simulation = Setup::<Bench<E>>::new(Script { entity, requests }).build().unwrap();
    simulation.run().unwrap();
    let log = take_log();
    drop(simulation);
    // What the finished simulation still held is no part of what happened.
    take_log();
    log
}

/// The states of a machine by name.
pub(crate) fn states(machine: &MachineInfo) -> Vec<&'static str> {
    machine.states.iter().map(|state| state.name).collect()
}

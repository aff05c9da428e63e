//! Which bindings are needed later, which have a value, and what each state must keep.

use super::cfg::Uses;
use super::cfg::{
    ArmEdge, BindingId, Bindings, BlockId, Graph, Statement, StatementKind, StepId, Terminator,
};
use super::steps::StepKind;

/// Whether a binding has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Absent,
    Present,
    /// On some of the ways that lead here.
    Maybe,
}

/// One [`Status`] for each binding.
pub(crate) type Statuses = Vec<Status>;

/// How a binding is handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    Plain,
    /// As an `Option`: nobody will use it again, but it may still have to be dropped.
    Optional,
}

/// What a block or a state keeps, in order of declaration.
pub(crate) type Kept = Vec<(BindingId, Form)>;

/// The results of the analysis.
#[derive(Debug)]
pub(crate) struct Flow {
    pub(crate) live_in: Vec<Bindings>,
    /// Before what each block ends with.
    pub(crate) live_out: Vec<Bindings>,
    /// After each statement of each block.
    pub(crate) live_after: Vec<Vec<Bindings>>,
    /// Those in whose scope a step lies ahead, after each statement of each block.
    pub(crate) crossing_after: Vec<Vec<Bindings>>,
    /// The same at the beginning of each block.
    pub(crate) crossing_in: Vec<Bindings>,
    /// The same before what each block ends with.
    pub(crate) crossing_out: Vec<Bindings>,
    pub(crate) status_in: Vec<Option<Statuses>>,
    /// What each block takes over, if code begins there.
    pub(crate) kept: Vec<Kept>,
    /// What each state keeps.
    pub(crate) kept_across: Vec<Kept>,
}

pub(crate) fn analyse(graph: &Graph) -> Flow {
    let order = graph.reachable();
    let live_in = live(graph, &order);
    let crossing_in = crossing(graph, &order);
    let status_in = statuses(graph, &order);
    let blocks = || 0..graph.blocks.len();
    let mut flow = Flow {
        live_after: after(graph, |id| live_out(graph, id, &live_in), live_before),
        crossing_after: after(graph, |id| crossing_out(graph, id, &crossing_in), crossing_before),
        crossing_out: blocks().map(|id| crossing_out(graph, id, &crossing_in)).collect(),
        crossing_in,
        live_out: blocks().map(|id| live_out(graph, id, &live_in)).collect(),
        live_in,
        status_in,
        kept: vec![Vec::new(); graph.blocks.len()],
        kept_across: vec![Vec::new(); graph.steps.len()],
    };
    for &id in &order {
        let Some(status) = flow.status_in[id].clone() else { continue };
        flow.kept[id] = kept(graph, &graph.blocks[id].scope, &flow.live_in[id], &status);
        if let Terminator::Step { step, .. } = graph.blocks[id].terminator() {
            flow.kept_across[*step] = across(graph, &flow, id, *step, &status);
        }
    }
    flow
}

/// What must be there when the task is resumed at the step that ends block `id`.
fn across(graph: &Graph, flow: &Flow, id: BlockId, step: StepId, status_in: &Statuses) -> Kept {
    let block = &graph.blocks[id];
    if matches!(graph.steps[step].kind, StepKind::Repoll) {
        return flow.kept[id].clone();
    }
    let Terminator::Step { result, next, uses, .. } = block.terminator() else {
        unreachable!("the block ends in a step");
    };
    let mut status = status_in.clone();
    block.statements.iter().for_each(|statement| apply(&mut status, statement));
    apply_uses(&mut status, uses);
    let mut live = flow.live_in[*next].clone();
    if let Some(result) = result {
        live.remove(result);
    }
    kept(graph, &scope_at_end(graph, id), &live, &status)
}

fn kept(graph: &Graph, scope: &[BindingId], live: &Bindings, status: &Statuses) -> Kept {
    let form = |&id: &BindingId| {
        if live.contains(&id) {
            return Some((id, Form::Plain));
        }
        if !graph.bindings[id].is_held() {
            return None;
        }
        match status[id] {
            Status::Present => Some((id, Form::Plain)),
            Status::Maybe => Some((id, Form::Optional)),
            Status::Absent => None,
        }
    };
    scope.iter().filter_map(form).collect()
}

/// The bindings in scope at the terminator of a block, in order of declaration.
pub(crate) fn scope_at_end(graph: &Graph, id: BlockId) -> Vec<BindingId> {
    let block = &graph.blocks[id];
    let mut scope = block.scope.clone();
    for statement in &block.statements {
        if let StatementKind::EndScope(ended) = &statement.kind {
            scope.retain(|id| !ended.contains(id));
        }
        scope.extend(&statement.defines);
    }
    scope
}

// Liveness: backward.

fn live_before(statement: &Statement, live: &mut Bindings) {
    for id in statement.defines.iter().chain(&statement.uses.assigns) {
        live.remove(id);
    }
    live.extend(&statement.uses.reads);
}

fn live_out(graph: &Graph, id: BlockId, live_in: &[Bindings]) -> Bindings {
    let terminator = graph.blocks[id].terminator();
    let mut live = Bindings::new();
    let mut add = |target: BlockId, defines: &[BindingId]| {
        live.extend(live_in[target].iter().filter(|id| !defines.contains(id)));
    };
    match terminator {
        Terminator::Goto(target) => add(*target, &[]),
        Terminator::Branch { defines, then, otherwise, .. } => {
            add(*then, defines);
            add(*otherwise, &[]);
        }
        Terminator::Match { arms, .. } => {
            for arm in arms {
                add(arm.target, &arm.defines);
            }
        }
        Terminator::Step { result, next, .. } => add(*next, result.as_slice()),
        Terminator::Return(..) | Terminator::Diverge(..) => {}
    }
    let uses = terminator.uses();
    for id in &uses.assigns {
        live.remove(id);
    }
    live.extend(&uses.reads);
    live
}

fn live(graph: &Graph, order: &[BlockId]) -> Vec<Bindings> {
    fixpoint(graph, order, |id, live_in| {
        let mut live = live_out(graph, id, live_in);
        for statement in graph.blocks[id].statements.iter().rev() {
            live_before(statement, &mut live);
        }
        live
    })
}

/// Repeats a backward analysis until nothing changes.
fn fixpoint(
    graph: &Graph,
    order: &[BlockId],
    transfer: impl Fn(BlockId, &[Bindings]) -> Bindings,
) -> Vec<Bindings> {
    let mut sets = vec![Bindings::new(); graph.blocks.len()];
    loop {
        let mut changed = false;
        for &id in order.iter().rev() {
            let set = transfer(id, &sets);
            changed |= set != sets[id];
            sets[id] = set;
        }
        if !changed {
            return sets;
        }
    }
}

/// The sets after each statement, from those at the end of each block.
fn after(
    graph: &Graph,
    out: impl Fn(BlockId) -> Bindings,
    before: impl Fn(&Statement, &mut Bindings),
) -> Vec<Vec<Bindings>> {
    (0..graph.blocks.len())
        .map(|id| {
            let mut set = out(id);
            let mut sets: Vec<Bindings> = graph.blocks[id]
                .statements
                .iter()
                .rev()
                .map(|statement| {
                    let here = set.clone();
                    before(statement, &mut set);
                    here
                })
                .collect();
            sets.reverse();
            sets
        })
        .collect()
}

// Steps ahead: backward.

fn crossing_before(statement: &Statement, set: &mut Bindings) {
    if let StatementKind::EndScope(ended) = &statement.kind {
        for id in ended {
            set.remove(id);
        }
    }
    for id in &statement.defines {
        set.remove(id);
    }
}

fn crossing_out(graph: &Graph, id: BlockId, crossing_in: &[Bindings]) -> Bindings {
    let terminator = graph.blocks[id].terminator();
    let scope: Bindings = scope_at_end(graph, id).into_iter().collect();
    let ahead = terminator.successors().into_iter().flat_map(|next| &crossing_in[next]);
    let mut set: Bindings = ahead.filter(|id| scope.contains(id)).copied().collect();
    if matches!(terminator, Terminator::Step { .. }) {
        set.extend(scope);
    }
    set
}

fn crossing(graph: &Graph, order: &[BlockId]) -> Vec<Bindings> {
    fixpoint(graph, order, |id, crossing_in| {
        let mut set = crossing_out(graph, id, crossing_in);
        for statement in graph.blocks[id].statements.iter().rev() {
            crossing_before(statement, &mut set);
        }
        set
    })
}

// Values: forward.

pub(crate) fn apply_uses(status: &mut Statuses, uses: &Uses) {
    for &id in &uses.assigns {
        status[id] = Status::Present;
    }
    for &id in uses.moves.iter().chain(&uses.maybe_moves) {
        status[id] = Status::Absent;
    }
}

pub(crate) fn apply(status: &mut Statuses, statement: &Statement) {
    apply_uses(status, &statement.uses);
    match &statement.kind {
        StatementKind::EndScope(ended) => {
            for &id in ended {
                status[id] = Status::Absent;
            }
        }
        StatementKind::Let { init, .. } => {
            let value = if init.is_some() { Status::Present } else { Status::Absent };
            statement.defines.iter().for_each(|&id| status[id] = value);
        }
        StatementKind::Expression(_) => {}
    }
}

/// The edges out of a block, with the status of all bindings on each.
fn edges(graph: &Graph, id: BlockId, mut status: Statuses) -> Vec<(BlockId, Statuses)> {
    let block = &graph.blocks[id];
    block.statements.iter().for_each(|statement| apply(&mut status, statement));
    let terminator = block.terminator();
    apply_uses(&mut status, &terminator.uses());
    let with = |target: BlockId, defines: &[BindingId]| {
        let mut status = status.clone();
        for &id in defines {
            status[id] = Status::Present;
        }
        (target, status)
    };
    match terminator {
        Terminator::Goto(target) => vec![with(*target, &[])],
        Terminator::Branch { defines, then, otherwise, .. } => {
            vec![with(*then, defines), with(*otherwise, &[])]
        }
        Terminator::Match { arms, .. } => {
            let on_way = |arm: &ArmEdge| {
                let (target, mut status) = with(arm.target, &arm.defines);
                apply_uses(&mut status, &arm.taken);
                (target, status)
            };
            arms.iter().map(on_way).collect()
        }
        Terminator::Step { result, next, .. } => vec![with(*next, result.as_slice())],
        Terminator::Return(..) | Terminator::Diverge(..) => Vec::new(),
    }
}

fn statuses(graph: &Graph, order: &[BlockId]) -> Vec<Option<Statuses>> {
    let mut sets: Vec<Option<Statuses>> = vec![None; graph.blocks.len()];
    let mut start = vec![Status::Absent; graph.bindings.len()];
    graph.blocks[0].scope.iter().for_each(|&id| start[id] = Status::Present);
    sets[0] = Some(start);
    loop {
        let mut changed = false;
        for &id in order {
            let Some(status) = sets[id].clone() else { continue };
            for (target, status) in edges(graph, id, status) {
                changed |= join(&mut sets[target], status);
            }
        }
        if !changed {
            return sets;
        }
    }
}

fn join(into: &mut Option<Statuses>, from: Statuses) -> bool {
    let Some(into) = into else {
        *into = Some(from);
        return true;
    };
    let mut changed = false;
    for (old, new) in into.iter_mut().zip(from) {
        if *old != new && *old != Status::Maybe {
            *old = Status::Maybe;
            changed = true;
        }
    }
    changed
}

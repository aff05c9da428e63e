//! The control-flow graph of one handler.
//!
//! A block is a run of statements that the user wrote, unchanged, and a terminator. Bindings are
//! numbered, so that two of the same name stay apart. Only code around a step is split into
//! blocks; everything else is one statement.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Expr, Pat, Type};

use super::advice::Advice;
use super::steps::Step;
use super::types;

pub(crate) type BindingId = usize;
pub(crate) type BlockId = usize;
pub(crate) type StepId = usize;
pub(crate) type Bindings = BTreeSet<BindingId>;

/// A local variable of the handler that is visible to the split code.
#[derive(Debug, Clone)]
pub(crate) struct Binding {
    /// As the user wrote it; our own temporaries have names of ours.
    pub(crate) name: Ident,
    /// The name of the field that keeps it across a step: unique in the handler.
    pub(crate) field: Ident,
    pub(crate) mutable: bool,
    /// The type, where the syntax shows it.
    pub(crate) ty: Option<Type>,
    /// Whether the user wrote the type beside the name.
    pub(crate) annotated: bool,
    /// Whether the type is guessed, and may be another.
    pub(crate) guessed: bool,
    pub(crate) origin: Origin,
    /// What to write beside it, where the syntax does not show its type.
    pub(crate) advice: Option<Advice>,
}

/// Where a binding comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `let name` or a parameter: a type can be written beside it.
    Named,
    /// A name in a larger pattern.
    Pattern,
    /// A temporary of ours.
    Temporary,
    /// A temporary of ours that has what is matched.
    Matched,
}

impl Binding {
    pub(crate) fn is_temporary(&self) -> bool {
        matches!(self.origin, Origin::Temporary | Origin::Matched)
    }

    /// Whether the value stays until the end of its scope, used or not.
    pub(crate) fn is_held(&self) -> bool {
        self.ty.as_ref().is_some_and(|ty| !types::is_plain(ty))
    }
}

/// What a piece of user code does with bindings.
#[derive(Debug, Default, Clone)]
pub(crate) struct Uses {
    /// All that are read, borrowed or moved.
    pub(crate) reads: Bindings,
    /// Those that have no value afterwards.
    pub(crate) moves: Bindings,
    /// Those that may have no value afterwards, also where they were assigned to before.
    pub(crate) maybe_moves: Bindings,
    /// Those that have a new value afterwards.
    pub(crate) assigns: Bindings,
    /// Those of them that may have none.
    pub(crate) maybe_assigns: Bindings,
    /// What is taken of those of which a part may be left.
    pub(crate) parts: Vec<Part>,
}

impl Uses {
    /// Whether the binding has no value afterwards, or none that is whole.
    pub(crate) fn takes(&self, id: BindingId) -> bool {
        self.moves.contains(&id) || self.maybe_moves.contains(&id)
    }
}

/// Something that is taken out of a local.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) whole: BindingId,
    pub(crate) taken: Taken,
}

#[derive(Debug, Clone)]
pub(crate) enum Taken {
    /// `local.field`
    Field(Expr),
    /// By a pattern that leaves something out.
    Pattern(Pat),
}

#[derive(Debug)]
pub(crate) enum StatementKind {
    /// An expression statement, with its semicolon.
    Expression(TokenStream),
    /// `let pattern = init else { diverge };`
    Let { pattern: TokenStream, init: Option<TokenStream>, diverge: Option<TokenStream> },
    /// Here ends the scope of these bindings, in order of declaration.
    EndScope(Vec<BindingId>),
}

#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) kind: StatementKind,
    pub(crate) uses: Uses,
    /// Bindings that come into scope here.
    pub(crate) defines: Vec<BindingId>,
}

/// One arm of a [`Terminator::Match`].
#[derive(Debug)]
pub(crate) struct ArmEdge {
    pub(crate) pattern: TokenStream,
    /// Where it ends in the source.
    pub(crate) end: Span,
    pub(crate) guard: Option<TokenStream>,
    pub(crate) guard_uses: Uses,
    /// What the pattern takes of locals.
    pub(crate) taken: Uses,
    pub(crate) defines: Vec<BindingId>,
    pub(crate) target: BlockId,
}

#[derive(Debug)]
pub(crate) enum Terminator {
    Goto(BlockId),
    /// `if condition { then } else { otherwise }`; `defines` are bound by `let` in the condition.
    Branch {
        condition: TokenStream,
        uses: Uses,
        defines: Vec<BindingId>,
        then: BlockId,
        otherwise: BlockId,
    },
    Match {
        scrutinee: TokenStream,
        uses: Uses,
        arms: Vec<ArmEdge>,
    },
    Step {
        step: StepId,
        expression: TokenStream,
        uses: Uses,
        /// Where the result goes; nowhere if nobody wants it.
        result: Option<BindingId>,
        next: BlockId,
    },
    Return(TokenStream, Uses),
    /// An expression that never yields a value, such as `panic!()`.
    Diverge(TokenStream, Uses),
}

impl Terminator {
    pub(crate) fn successors(&self) -> Vec<BlockId> {
        match self {
            Self::Goto(target) => vec![*target],
            Self::Branch { then, otherwise, .. } => vec![*then, *otherwise],
            Self::Match { arms, .. } => arms.iter().map(|arm| arm.target).collect(),
            Self::Step { next, .. } => vec![*next],
            Self::Return(..) | Self::Diverge(..) => Vec::new(),
        }
    }

    fn retarget(&mut self, map: impl Fn(BlockId) -> BlockId) {
        match self {
            Self::Goto(target) => *target = map(*target),
            // What a pattern binds is there in the branch's own block, which only the pattern leads
            // to; the block that it leads to may be reached in other ways.
            Self::Branch { defines, then, otherwise, .. } => {
                if defines.is_empty() {
                    *then = map(*then);
                }
                *otherwise = map(*otherwise);
            }
            Self::Match { arms, .. } => {
                for arm in arms.iter_mut().filter(|arm| arm.defines.is_empty()) {
                    arm.target = map(arm.target);
                }
            }
            Self::Step { next, .. } => *next = map(*next),
            Self::Return(..) | Self::Diverge(..) => {}
        }
    }

    /// What the terminator itself reads and moves.
    pub(crate) fn uses(&self) -> Uses {
        match self {
            Self::Goto(_) => Uses::default(),
            Self::Branch { uses, .. }
            | Self::Step { uses, .. }
            | Self::Return(_, uses)
            | Self::Diverge(_, uses) => uses.clone(),
            Self::Match { uses, arms, .. } => {
                let mut all = uses.clone();
                for arm in arms {
                    let own = arm.guard_uses.reads.iter().filter(|id| !arm.defines.contains(id));
                    all.reads.extend(own);
                }
                all
            }
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) statements: Vec<Statement>,
    /// `None` only while the block is being built.
    pub(crate) terminator: Option<Terminator>,
    /// The bindings in scope at its beginning, in order of declaration.
    pub(crate) scope: Vec<BindingId>,
    /// Whether the code must begin here even with one predecessor.
    pub(crate) is_root: bool,
}

impl Block {
    pub(crate) fn terminator(&self) -> &Terminator {
        self.terminator.as_ref().expect("a finished graph has a terminator in every block")
    }
}

/// The graph of a handler; block 0 is its beginning.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) bindings: Vec<Binding>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) steps: Vec<Step>,
    /// Items declared in the body: visible everywhere in it.
    pub(crate) items: Vec<TokenStream>,
    /// What is said of lints at statements that were taken apart.
    pub(crate) lints: Vec<Attribute>,
}

impl Graph {
    /// The blocks that can be reached, in depth-first order of the source.
    pub(crate) fn reachable(&self) -> Vec<BlockId> {
        let mut seen = vec![false; self.blocks.len()];
        let mut order = Vec::new();
        let mut stack = vec![0];
        while let Some(block) = stack.pop() {
            if core::mem::replace(&mut seen[block], true) {
                continue;
            }
            order.push(block);
            stack.extend(self.blocks[block].terminator().successors().into_iter().rev());
        }
        order
    }

    /// Skips empty blocks that only lead on, so that nested joins become one.
    pub(crate) fn simplify(&mut self) {
        let forward: Vec<BlockId> =
            (0..self.blocks.len()).map(|id| self.final_target(id)).collect();
        for block in &mut self.blocks {
            if let Some(terminator) = &mut block.terminator {
                terminator.retarget(|id| forward[id]);
            }
        }
    }

    fn final_target(&self, start: BlockId) -> BlockId {
        let mut id = start;
        // A loop without a body would lead to itself: every step at most once.
        for _ in 0..self.blocks.len() {
            let block = &self.blocks[id];
            match block.terminator {
                Some(Terminator::Goto(next)) if block.statements.is_empty() && !block.is_root => {
                    id = next;
                }
                _ => return id,
            }
        }
        start
    }

    /// How many ways lead to each block; both ends of a step that may be done at once count.
    pub(crate) fn entries(&self) -> Vec<usize> {
        let mut entries = vec![0; self.blocks.len()];
        for id in self.reachable() {
            let terminator = self.blocks[id].terminator();
            for target in terminator.successors() {
                entries[target] += 1;
            }
            if let Terminator::Step { step, next, .. } = terminator
                && self.steps[*step].may_be_ready()
            {
                entries[*next] += 1;
            }
        }
        entries
    }

    /// Whether code can pass from the block to itself without a step.
    pub(crate) fn roots(&self) -> Vec<BlockId> {
        let entries = self.entries();
        let mut roots: Vec<BlockId> = self
            .reachable()
            .into_iter()
            .filter(|&id| id != 0 && (entries[id] > 1 || self.blocks[id].is_root))
            .collect();
        roots.sort_unstable();
        roots
    }
}

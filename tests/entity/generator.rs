//! The root package's build script: random bodies of handlers for the differential test.
//!
//! Each body is written out twice, as the handler of an entity and as an ordinary `async fn`.
//! `HAPPYSIM_DIFFERENTIAL_SEED` and `HAPPYSIM_DIFFERENTIAL_COUNT` choose others.

use std::fmt::Write as _;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=tests/entity/generator.rs");
    println!("cargo::rerun-if-env-changed=HAPPYSIM_DIFFERENTIAL_SEED");
    println!("cargo::rerun-if-env-changed=HAPPYSIM_DIFFERENTIAL_COUNT");
    let seed = number("HAPPYSIM_DIFFERENTIAL_SEED", 1);
    let count = number("HAPPYSIM_DIFFERENTIAL_COUNT", 60);
    let mut text = String::new();
    let mut table = String::from("pub(crate) const PROGRAMS: &[Program] = &[\n");
    for index in 0..count {
        let own = seed.wrapping_mul(1_000_003).wrapping_add(index);
        let (handle, helper) = (Generator::new(own).body(true), Generator::new(!own).body(false));
        let _ = writeln!(
            text,
            "program!(program_{index}, (self, cx, arg), {{\n{handle}}}, {{\n{helper}}});"
        );
        let _ = writeln!(
            table,
            "Program {{ seed: {own}, machine: program_{index}::machine, plain: program_{index}::plain }},"
        );
    }
    table.push_str("];\n");
    let directory = std::env::var("OUT_DIR").expect("cargo sets the output directory");
    let path = Path::new(&directory).join("differential.rs");
    std::fs::write(path, text + &table).expect("the output directory can be written");
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// What a variable is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Number,
    Tracer,
    /// An array that is large.
    Table,
}

/// A variable that the program may mention.
#[derive(Clone)]
struct Variable {
    name: String,
    kind: Kind,
    /// How many loops it is declared in: it can be given away in those only.
    loops: usize,
}

struct Generator {
    state: u64,
    text: String,
    indent: usize,
    scopes: Vec<Vec<Variable>>,
    /// Label of each loop around, and whether `break` takes a value there.
    loops: Vec<(String, bool)>,
    next: usize,
    budget: usize,
    with_helper: bool,
}

impl Generator {
    fn new(seed: u64) -> Self {
        Self {
            state: seed,
            text: String::new(),
            indent: 1,
            scopes: vec![Vec::new()],
            loops: Vec::new(),
            next: 0,
            budget: 26,
            with_helper: false,
        }
    }

    /// A whole body; only the main one calls the helper.
    fn body(mut self, with_helper: bool) -> String {
        self.with_helper = with_helper;
        let argument = Variable { name: "arg".to_owned(), kind: Kind::Number, loops: 0 };
        self.scopes[0].push(argument);
        for _ in 0..5 {
            self.statement();
        }
        if !self.text.contains(".await") {
            // A stepwise function has a step.
            self.line("cx.sleep(millis(1)).await;");
        }
        let value = self.value();
        self.line(&format!("Ok({value})"));
        self.text
    }

    /// `SplitMix64`.
    fn random(&mut self, below: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{:width$}{text}", "", width = self.indent * 4);
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.next += 1;
        // Few names, so that some hide others.
        format!("{prefix}{}", self.next % 4)
    }

    fn declare(&mut self, name: &str, kind: Kind) {
        let variable = Variable { name: name.to_owned(), kind, loops: self.loops.len() };
        self.scopes.last_mut().expect("a scope is open").push(variable);
    }

    /// What a name means now: the innermost of that name.
    fn visible(&self, kind: Kind) -> Vec<Variable> {
        let mut seen: Vec<&str> = Vec::new();
        let mut found = Vec::new();
        for variable in self.scopes.iter().rev().flat_map(|scope| scope.iter().rev()) {
            // What was given away still hides others.
            let name = variable.name.trim_start_matches('-');
            if !seen.contains(&name) {
                seen.push(name);
                if variable.kind == kind && !variable.name.starts_with('-') {
                    found.push(variable.clone());
                }
            }
        }
        found
    }

    fn pick(&mut self, kind: Kind) -> Option<Variable> {
        let visible = self.visible(kind);
        if visible.is_empty() {
            return None;
        }
        let at = self.random(visible.len() as u64) as usize;
        Some(visible[at].clone())
    }

    /// A number without a step.
    fn value(&mut self) -> String {
        let literal = self.random(20);
        match (self.random(4), self.pick(Kind::Number)) {
            (0, _) | (_, None) => format!("{literal}"),
            (1, Some(variable)) => format!("{} % 7 + {literal}", variable.name),
            (2, Some(variable)) => format!("({} + {literal}) % 50", variable.name),
            (_, Some(variable)) => variable.name,
        }
    }

    fn condition(&mut self) -> String {
        let (value, modulus) = (self.value(), self.random(3) + 2);
        let odd = self.random(modulus);
        format!("({value}) % {modulus} == {odd}")
    }

    /// A number, possibly with steps in it.
    fn waiting_value(&mut self) -> String {
        let (value, delay) = (self.value(), self.random(5));
        match self.random(7) {
            0 => format!("self.db.call(query({value}, {delay})).await?"),
            1 => format!(
                "self.db.call(query(self.db.call(query({value}, 1)).await? + 1, {delay})).await?"
            ),
            2 => format!("add({value}, self.db.call(query({delay}, {delay})).await?)"),
            3 => format!(
                "match self.db.call(failing({value}, {delay})).await {{ Ok(v) => v, Err(_) => {delay} }}"
            ),
            4 if self.with_helper => format!("self.helper(cx, {value}).await.unwrap_or({delay})"),
            5 => {
                let condition = self.condition();
                let other = self.value();
                format!(
                    "if {condition} {{ self.db.call(query({value}, {delay})).await? }} else {{ {other} }}"
                )
            }
            _ => value,
        }
    }

    fn block(&mut self, statements: u64) {
        self.scopes.push(Vec::new());
        self.indent += 1;
        for _ in 0..statements {
            self.statement();
        }
        self.indent -= 1;
        self.scopes.pop();
    }

    fn statement(&mut self) {
        if self.budget == 0 {
            self.line("log(cx, \"out of budget\");");
            return;
        }
        self.budget -= 1;
        match self.random(24) {
            0 | 1 => {
                let delay = self.random(4);
                self.line(&format!("cx.sleep(millis({delay})).await;"));
            }
            2..=4 => self.tracer(),
            5 | 6 => {
                let value = self.waiting_value();
                let name = self.fresh("n");
                self.line(&format!("let mut {name}: u64 = {value};"));
                self.declare(&name, Kind::Number);
            }
            7 => self.show(),
            8 => {
                let value = self.waiting_value();
                if let Some(variable) =
                    self.pick(Kind::Number).filter(|variable| variable.name != "arg")
                {
                    self.line(&format!("{} = {value};", variable.name));
                }
            }
            9 | 10 => self.branch(),
            11 => self.choice(),
            12 | 13 => self.counted_loop(),
            14 => self.valued_loop(),
            15 => self.give_away(),
            16 => self.leave(),
            17 => {
                self.line("{");
                self.block(3);
                self.line("}");
            }
            18 | 19 => self.table(),
            20 | 21 => self.use_table(),
            22 => self.replace_tracer(),
            _ => {
                let value = self.value();
                let name = self.fresh("p");
                self.line(&format!("let {name} = self.gate.acquire(1).await;"));
                self.line(&format!("log(cx, format!(\"have {{}}\", {value}));"));
                self.line(&format!("let _ = &{name};"));
            }
        }
    }

    fn tracer(&mut self) {
        let name = self.fresh("t");
        self.next += 5;
        let label = format!("{name}#{}", self.next);
        match self.random(5) {
            0 => self.line(&format!("let mut {name}: Tracer = Tracer::new(\"{label}\");")),
            // Two at once, which may hide two at once.
            3 => {
                let (number, value) = (self.fresh("n"), self.value());
                self.line(&format!("let (mut {number}, mut {name}): (u64, Tracer) ="));
                self.line(&format!("    ({value}, Tracer::new(\"{label}\"));"));
                self.declare(&number, Kind::Number);
            }
            1 => self.line(&format!("let mut {name} = Tracer(\"{label}\");")),
            2 => {
                let condition = self.condition();
                self.line(&format!("let mut {name} = if {condition} {{"));
                self.block(1);
                self.line(&format!("    Tracer::new(\"{label}\")"));
                self.line("} else {");
                self.line(&format!("    Tracer::new(\"other {label}\")"));
                self.line("};");
            }
            _ => self.line(&format!("let mut {name} = Tracer::new(\"{label}\");")),
        }
        self.declare(&name, Kind::Tracer);
    }

    fn table(&mut self) {
        let prefix = if self.random(2) == 0 { "a" } else { "n" };
        let value = self.value();
        let value = match self.pick(Kind::Table) {
            Some(other) if self.random(2) == 0 => other.name,
            _ => format!("[{value}; 40]"),
        };
        let name = self.fresh(prefix);
        self.line(&format!("let mut {name}: [u64; 40] = {value};"));
        self.declare(&name, Kind::Table);
    }

    fn use_table(&mut self) {
        let Some(Variable { name, .. }) = self.pick(Kind::Table) else { return self.table() };
        let (value, place) = (self.value(), self.random(40));
        match self.random(6) {
            0 => self.line(&format!("{name}[({value} % 40) as usize] += {value} % 5;")),
            1 => {
                let waiting = self.waiting_value();
                self.line(&format!("{name}[{place}] = {waiting};"));
            }
            2 => self.line(&format!("{name} = [{value}; 40];")),
            3 => {
                let number = self.fresh("n");
                self.line(&format!("let mut {number}: u64 = {name}.iter().sum::<u64>() % 50;"));
                self.declare(&number, Kind::Number);
            }
            4 => {
                self.line(&format!("let at = |place: usize| {name}[place] + {name}.len() as u64;"));
                self.line(&format!("log(cx, format!(\"at {{}}\", at({place})));"));
            }
            _ => {
                self.line(&format!("for cell in &mut {name} {{ *cell += 1; }}"));
                self.line(&format!("log(cx, format!(\"{{:?}} {{{name}:?}}\", &{name}[..2]));"));
            }
        }
    }

    fn replace_tracer(&mut self) {
        let Some(Variable { name, .. }) = self.pick(Kind::Tracer) else { return };
        self.next += 5;
        let label = format!("new {name}#{}", self.next);
        self.line(&format!("{name} = Tracer::new(\"{label}\");"));
    }

    fn show(&mut self) {
        let number =
            self.pick(Kind::Number).map_or_else(|| "arg".to_owned(), |variable| variable.name);
        match self.pick(Kind::Tracer) {
            Some(variable) => {
                let tracer = variable.name;
                self.line(&format!("log(cx, format!(\"{{{number}}} {{}}\", {tracer}.0));"));
            }
            None => self.line(&format!("log(cx, format!(\"{{{number}:>3}}\"));")),
        }
    }

    fn branch(&mut self) {
        let condition = self.condition();
        self.line(&format!("if {condition} {{"));
        let before = self.scopes.clone();
        self.block(3);
        let mut gone = self.scopes.clone();
        if self.random(2) == 0 {
            self.scopes = before;
            self.line("} else {");
            self.block(2);
            // Given away in one of the branches is given away.
            for (scope, other) in self.scopes.iter_mut().zip(&mut gone) {
                for (variable, other) in scope.iter_mut().zip(other) {
                    if other.name.starts_with('-') {
                        variable.name.clone_from(&other.name);
                    }
                }
            }
        }
        self.line("}");
    }

    fn choice(&mut self) {
        let value = self.waiting_value();
        let result = self.fresh("n");
        self.line(&format!("let mut {result}: u64 = match {value} % 3 {{"));
        let first = self.waiting_value();
        self.line(&format!("    0 => {first},"));
        self.line("    other if other == 1 => {");
        self.line("        let other: u64 = other;");
        self.indent += 1;
        let before = self.scopes.clone();
        self.block(2);
        self.indent -= 1;
        let gone = core::mem::replace(&mut self.scopes, before);
        let second = self.value();
        self.scopes = gone;
        self.line(&format!(
            "        {}",
            if second.contains('n') { "other".to_owned() } else { second }
        ));
        self.line("    }");
        self.line("    other => other + 1,");
        self.line("};");
        self.declare(&result, Kind::Number);
    }

    fn counted_loop(&mut self) {
        let label = format!("'l{}", self.budget);
        let turns = self.random(3) + 1;
        match self.random(3) {
            0 => self.line(&format!("{label}: for i in 0..{turns}u64 {{")),
            1 => self.line(&format!("{label}: for i in vec![{turns}u64, 2, 5] {{")),
            _ => self.line(&format!("{label}: for i in 1..=self.limit {{")),
        }
        self.loops.push((label, false));
        self.scopes.push(Vec::new());
        self.declare("i", Kind::Number);
        // The turn's number cannot be assigned to: a copy of it can.
        self.line("    let mut i: u64 = i;");
        self.block(4);
        self.scopes.pop();
        self.loops.pop();
        self.line("    let _ = &mut i;");
        self.line("}");
    }

    fn valued_loop(&mut self) {
        let (counter, result) = (format!("c{}", self.budget), self.fresh("n"));
        let label = format!("'l{}", self.budget);
        let turns = self.random(3);
        self.line(&format!("let mut {counter}: u64 = 0;"));
        self.line(&format!("let mut {result}: u64 = {label}: loop {{"));
        self.line(&format!("    {counter} += 1;"));
        self.line(&format!("    if {counter} > {turns} {{ break {label} {counter} * 3; }}"));
        self.loops.push((label, true));
        self.block(3);
        self.loops.pop();
        self.line("};");
        self.declare(&result, Kind::Number);
    }

    /// Moves a tracer out of its variable.
    fn give_away(&mut self) {
        let depth = self.loops.len();
        let Some(chosen) = self.pick(Kind::Tracer).filter(|variable| variable.loops == depth)
        else {
            return;
        };
        let how = if self.random(2) == 0 { "drop" } else { "consume" };
        self.line(&format!("{how}({});", chosen.name));
        let found = self
            .scopes
            .iter_mut()
            .rev()
            .flat_map(|scope| scope.iter_mut().rev())
            .find(|variable| variable.name == chosen.name);
        if let Some(variable) = found {
            variable.name = format!("-{}", variable.name);
        }
    }

    /// A conditional way out: of a loop or of the function.
    fn leave(&mut self) {
        let (condition, value) = (self.condition(), self.value());
        let jump = match (self.random(3), self.loops.last().cloned()) {
            (0, Some((label, true))) => format!("break {label} {value}"),
            (0, Some((_, false))) => "break".to_owned(),
            (1, Some((label, false))) => format!("continue {label}"),
            (_, None) | (2, _) => format!("return Ok({value})"),
            _ => return,
        };
        self.line(&format!("if {condition} {{"));
        self.line("    log(cx, \"leave\");");
        self.line(&format!("    {jump};"));
        self.line("}");
    }
}

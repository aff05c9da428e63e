//! The topology as a Mermaid flowchart.

use quote::ToTokens;

use super::model::{Count, Kind, Lanes, Model};

pub(super) fn draw(model: &Model) -> String {
    let nodes = model.nodes.iter().map(|node| {
        let (name, path) = (&node.name, &node.path);
        let ty = short(&node.ty.to_string());
        let many = if matches!(node.count, Count::One) { "" } else { " x n" };
        match node.kind {
            Kind::Source => format!("{name}([{path}])"),
            Kind::Link => format!("{name}>{path}]"),
            Kind::Wrapper => format!("{name}{{{{{ty}{many}}}}}"),
            Kind::Node => format!("{name}[\"{path}: {ty}{many}\"]"),
        }
    });
    let shared = model.shared.iter().map(|shared| {
        let ty = short(&shared.ty.to_token_stream().to_string());
        format!("{0}[(\"{0}: {ty}\")]", shared.name)
    });
    let edges = model.edges.iter().map(|edge| {
        let port = edge.port.as_ref().map(|port| format!("|{port}|")).unwrap_or_default();
        let arrow = if matches!(edge.lanes, Lanes::All) { "==>" } else { "-->" };
        let (from, to) = (&model.nodes[edge.from].name, &model.nodes[edge.to].name);
        format!("{from} {arrow}{port} {to}")
    });
    let attached = model.attached.iter().map(|attached| {
        let (node, shared) = (&model.nodes[attached.node], &model.shared[attached.shared]);
        format!("{} -.-|{}| {}", node.name, attached.field, shared.name)
    });
    let lines: Vec<String> = nodes.chain(shared).chain(edges).chain(attached).collect();
    format!("flowchart LR\n    {}\n", lines.join("\n    "))
}

/// A type without its path and generic arguments.
fn short(ty: &str) -> String {
    let plain = ty.split('<').next().unwrap_or(ty);
    plain.rsplit("::").next().unwrap_or(plain).trim().to_owned()
}

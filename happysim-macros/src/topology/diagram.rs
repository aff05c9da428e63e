//! The topology as a Mermaid flowchart.

use super::model::{Count, Kind, Lanes, Model};

pub(super) fn draw(model: &Model) -> String {
    let mut text = String::from("flowchart LR\n");
    for node in &model.nodes {
        let (name, path) = (&node.name, &node.path);
        let ty = short(&node.ty.to_string());
        let many = if matches!(node.count, Count::One) { "" } else { " x n" };
        let label = match node.kind {
            Kind::Source => format!("{name}([{path}])"),
            Kind::Link => format!("{name}>{path}]"),
            Kind::Wrapper => format!("{name}{{{{{ty}{many}}}}}"),
            Kind::Node => format!("{name}[\"{path}: {ty}{many}\"]"),
        };
        text += &format!("    {label}\n");
    }
    for shared in &model.shared {
        let ty = shared.ty.clone();
        let ty = short(&quote::quote!(#ty).to_string());
        text += &format!("    {0}[(\"{0}: {ty}\")]\n", shared.name);
    }
    for edge in &model.edges {
        let port = edge.port.as_ref().map(|port| format!("|{port}|")).unwrap_or_default();
        let arrow = if matches!(edge.lanes, Lanes::All) { "==>" } else { "-->" };
        let (from, to) = (&model.nodes[edge.from].name, &model.nodes[edge.to].name);
        text += &format!("    {from} {arrow}{port} {to}\n");
    }
    for attached in &model.attached {
        let (node, shared) =
            (&model.nodes[attached.node].name, &model.shared[attached.shared].name);
        text += &format!("    {node} -.-|{}| {shared}\n", attached.field);
    }
    text
}

/// A type without its path and generic arguments.
fn short(ty: &str) -> String {
    let plain = ty.split('<').next().unwrap_or(ty);
    plain.rsplit("::").next().unwrap_or(plain).trim().to_owned()
}

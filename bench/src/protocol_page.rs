//! `docs/reference/protocol.md`, held to its word: its examples are sent to a real server, and a program that was
//! written from it alone must work.

pub(crate) mod page;
mod script;
mod shape;
mod story;
#[cfg(test)]
mod tests;

use std::path::Path;

use test_kit::server::{Server, ServerSettings};

/// Tells the page's examples to a server as one story, then runs the program beside the page; true when all held.
pub(crate) async fn run(server_binary: &Path) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir()?;
    let mut server = Server::start(ServerSettings::under(server_binary, folder.path())).await?;
    let told = story::tell(&page::read()?, &server).await;
    match &told {
        Ok(count) => println!("protocol: {count} examples of the page sent and received"),
        Err(error) => println!("protocol: the page does not hold: {error:#}"),
    }
    let ran = script::run(&server).await?;
    println!(
        "protocol: two-clients.py {}",
        if ran { "exchanged its messages" } else { "FAILED" }
    );
    server.stop().await?;
    Ok(told.is_ok() && ran)
}

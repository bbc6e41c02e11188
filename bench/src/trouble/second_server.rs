//! Two servers on one data folder.

use anyhow::{Context as _, ensure};

use super::Outcome;
use super::stage::Stage;

pub(super) async fn a_second_server_on_the_same_data_is_refused_by_name(stage: &Stage) -> anyhow::Result<Outcome> {
    let mut play = stage.play().await?;
    let pid = play.server.pid().context("the first server has no process")?;

    let (status, output) = test_kit::server::run_to_end(&stage.settings()).await?;
    ensure!(!status.success(), "the second server ended as if all were well");
    ensure!(
        output.contains(&pid.to_string()),
        "it does not name process {pid}:\n{output}"
    );
    ensure!(play.server.is_ready().await, "the first server was disturbed");

    // After a kill nothing is left that would keep the next one out.
    play.server.kill().await?;
    play.server.restart().await?;
    Ok(Outcome::Held)
}

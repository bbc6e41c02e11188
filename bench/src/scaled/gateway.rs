//! nginx in front of the services, with the template that is used wherever Loquat runs scaled out.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};
use test_kit::wait::{self, PATIENCE};
use tokio::process::{Child, Command};

use super::Services;
use crate::rest::Rest;

/// Debian's place for it, which is not where everybody's programs are looked for.
const DEBIANS_PROGRAM: &str = "/usr/sbin/nginx";

/// A running gateway. Dropping it kills it.
pub(super) struct Gateway {
    listen: SocketAddr,
    _child: Child,
}

/// An address that nobody has now. The services must know it before the gateway can be started.
pub(super) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Gateway {
    pub(super) async fn start(
        template: &Path,
        folder: &Path,
        listen: SocketAddr,
        services: &Services,
    ) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        let text = fs::read_to_string(template).with_context(|| format!("reading {}", template.display()))?;
        fs::write(folder.join("loquat.conf"), fill(&text, listen, services)?)?;
        fs::write(folder.join("nginx.conf"), around(folder))?;
        let log = File::create(folder.join("gateway.log"))?;
        let debians = PathBuf::from(DEBIANS_PROGRAM);
        let program = if debians.exists() { debians } else { "nginx".into() };
        let child = Command::new(program)
            .args(["-e", "stderr", "-p"])
            .arg(folder)
            .arg("-c")
            .arg(folder.join("nginx.conf"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("starting nginx")?;
        let gateway = Self { listen, _child: child };
        let rest = Rest::at(gateway.url())?;
        let look = || async { (rest.get("/healthz", None).await.ok()?.status == 200).then_some(()) };
        if let Err(waited) = wait::until("the gateway to be there", PATIENCE, look).await {
            let said = fs::read_to_string(folder.join("gateway.log")).unwrap_or_default();
            bail!("{waited}; it printed:\n{said}");
        }
        Ok(gateway)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.listen)
    }
}

fn fill(template: &str, listen: SocketAddr, services: &Services) -> anyhow::Result<String> {
    let node = |address: SocketAddr| format!("server {address} fail_timeout=2s;");
    let chat: Vec<String> = services.chat.iter().map(|server| node(server.address())).collect();
    let filled = template
        .replace("${GATEWAY_LISTEN}", &listen.to_string())
        .replace("${GATEWAY_RESOLVER}", "")
        .replace("${GATEWAY_USER_SERVICES}", &node(services.user_service.address()))
        .replace("${GATEWAY_CHAT_SERVICES}", &chat.join(" "));
    // The text above the settings speaks of them, too.
    let is_open = |line: &&str| !line.starts_with('#') && line.contains("${");
    match filled.lines().find(is_open) {
        Some(line) => bail!("the gateway's template: nobody fills in {}", line.trim()),
        None => Ok(filled),
    }
}

/// What stands around the template. One process without a master, so that killing it leaves nothing behind.
fn around(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "daemon off;\nmaster_process off;\nworker_rlimit_nofile 8192;\npid \"{folder}/nginx.pid\";\n\
         error_log stderr warn;\nevents {{ worker_connections 4096; }}\nhttp {{\n\
         client_body_temp_path \"{folder}/bodies\";\nproxy_temp_path \"{folder}/answers\";\n\
         fastcgi_temp_path \"{folder}/unused\";\nuwsgi_temp_path \"{folder}/unused\";\n\
         scgi_temp_path \"{folder}/unused\";\ninclude \"{folder}/loquat.conf\";\n}}\n"
    )
}

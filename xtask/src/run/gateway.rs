//! nginx in front of the services of this machine, with the template that compose.yaml uses, too.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::checkout::Checkout;
use crate::packages;

/// Debian's place for it, which is not where everybody's programs are looked for.
const DEBIANS_PROGRAM: &str = "/usr/sbin/nginx";

/// What the template leaves open.
pub(super) struct Gateway<'a> {
    pub(super) listen: SocketAddr,
    pub(super) user_service: SocketAddr,
    pub(super) chat_services: &'a [SocketAddr],
}

impl Gateway<'_> {
    /// Writes its settings into `folder`; returns how it is started.
    pub(super) fn prepare(&self, checkout: &Checkout, folder: &Path) -> anyhow::Result<Command> {
        let template = checkout.root().join("infra/gateway/loquat.conf.template");
        let template = fs::read_to_string(&template).with_context(|| format!("reading {}", template.display()))?;
        let write = |name: &str, text: &str| {
            let file = folder.join(name);
            fs::write(&file, text).with_context(|| format!("writing {}", file.display()))
        };
        write("loquat.conf", &self.fill(&template)?)?;
        write("nginx.conf", &around(folder))?;
        let debians = PathBuf::from(DEBIANS_PROGRAM);
        let program = if debians.exists() { debians } else { "nginx".into() };
        let mut command = Command::new(program);
        command
            .args(["-e", "stderr", "-p"])
            .arg(folder)
            .arg("-c")
            .arg(folder.join("nginx.conf"));
        Ok(command)
    }

    /// What the nginx image does with its environment.
    fn fill(&self, template: &str) -> anyhow::Result<String> {
        let node = |address: &SocketAddr| format!("server {address} fail_timeout=2s;");
        let nodes: Vec<String> = self.chat_services.iter().map(node).collect();
        let filled = template
            .replace("${GATEWAY_LISTEN}", &self.listen.to_string())
            .replace("${GATEWAY_RESOLVER}", "")
            .replace("${GATEWAY_USER_SERVICES}", &node(&self.user_service))
            .replace("${GATEWAY_CHAT_SERVICES}", &nodes.join(" "));
        // The text above the settings speaks of them, too.
        let is_open = |line: &&str| !line.starts_with('#') && line.contains("${");
        match filled.lines().find(is_open) {
            Some(line) => bail!("infra/gateway/loquat.conf.template: nobody fills in {}", line.trim()),
            None => Ok(filled),
        }
    }
}

/// What stands around the template; the nginx image brings its own.
fn around(folder: &Path) -> String {
    let folder = folder.display();
    // Started by root, it would else hand its work to a user who may not look into our folder.
    let user = if packages::is_root() { "user root root;\n" } else { "" };
    format!(
        "daemon off;\n{user}worker_processes 1;\nworker_rlimit_nofile 8192;\npid \"{folder}/nginx.pid\";\n\
         error_log stderr warn;\nevents {{ worker_connections 4096; }}\nhttp {{\n\
         client_body_temp_path \"{folder}/bodies\";\nproxy_temp_path \"{folder}/answers\";\n\
         fastcgi_temp_path \"{folder}/unused\";\nuwsgi_temp_path \"{folder}/unused\";\n\
         scgi_temp_path \"{folder}/unused\";\ninclude \"{folder}/loquat.conf\";\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gateway() -> Gateway<'static> {
        const NODES: [SocketAddr; 2] = [crate::services::loopback(2), crate::services::loopback(3)];
        Gateway {
            listen: crate::services::loopback(80),
            user_service: crate::services::loopback(1),
            chat_services: &NODES,
        }
    }

    #[test]
    fn every_node_is_named() {
        let filled = gateway()
            .fill("listen ${GATEWAY_LISTEN}; { ${GATEWAY_CHAT_SERVICES} }")
            .unwrap();

        assert_eq!(
            filled,
            "listen 127.0.0.1:80; { server 127.0.0.1:2 fail_timeout=2s; server 127.0.0.1:3 fail_timeout=2s; }"
        );
    }

    #[test]
    fn the_variables_of_nginx_are_left_alone() {
        assert_eq!(gateway().fill("return $request_id;").unwrap(), "return $request_id;");
    }

    #[test]
    fn what_nobody_fills_in_is_a_fault() {
        assert!(gateway().fill("listen ${GATEWAY_TYPO};").is_err());
    }
}

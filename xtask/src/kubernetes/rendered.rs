//! What the chart makes, and what must be true of it whatever was chosen.

use std::collections::BTreeSet;

use anyhow::Context;
use serde_json::{Value, json};

/// Kinds that the chart may make. No Secret: whoever may read a release would read it. No Job and no hook: the services
/// make what they need in their databases themselves.
const KINDS: [&str; 7] = [
    "Deployment",
    "HorizontalPodAutoscaler",
    "Ingress",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Service",
    "ServiceAccount",
];

/// Variables that hold a secret: they may only name where it is.
const SECRET: [&str; 5] = ["BROKER_URL", "CACHE_URL", "CODE_PEPPER", "DATABASE_URL", "SMTP_URL"];

/// What each container and each pod says, by its place in it.
const SAFE: [(&str, &str); 7] = [
    ("/spec/template/spec/automountServiceAccountToken", "false"),
    ("/spec/template/spec/securityContext/runAsNonRoot", "true"),
    (
        "/spec/template/spec/securityContext/seccompProfile/type",
        "\"RuntimeDefault\"",
    ),
    (
        "/spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation",
        "false",
    ),
    (
        "/spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem",
        "true",
    ),
    (
        "/spec/template/spec/containers/0/securityContext/capabilities/drop",
        "[\"ALL\"]",
    ),
    (
        "/spec/template/spec/containers/0/livenessProbe/httpGet/path",
        "\"/livez\"",
    ),
];

/// Everything that one set of values makes.
pub(super) struct Rendered(pub(super) Vec<Value>);

impl Rendered {
    /// The one object of this kind that belongs to a service.
    pub(super) fn of_service(&self, kind: &str, service: &str) -> anyhow::Result<&Value> {
        let mut found = self.0.iter().filter(|object| {
            object["kind"] == kind && object["metadata"]["labels"]["app.kubernetes.io/name"] == service
        });
        found.next().with_context(|| format!("{service} has no {kind}"))
    }

    /// Nothing but what the chart is for.
    pub(super) fn faults_of_kinds(&self) -> Vec<String> {
        let kinds = self.0.iter().map(|object| object["kind"].as_str().unwrap_or_default());
        let mut faults: Vec<String> = kinds
            .filter(|kind| !KINDS.contains(kind))
            .map(|kind| format!("the chart makes a {kind}"))
            .collect();
        let policies = self.0.iter().filter(|object| object["kind"] == "NetworkPolicy");
        let open = policies.filter(|policy| policy["spec"]["policyTypes"] != json!(["Ingress", "Egress"]));
        faults.extend(open.map(|policy| format!("{} leaves a direction open", policy["metadata"]["name"])));
        faults
    }

    /// The ingress, where there is one, sends every path where the gateway sends it.
    pub(super) fn faults_of_paths(&self, gateway: &str) -> Vec<String> {
        let Some(ingress) = self.0.iter().find(|object| object["kind"] == "Ingress") else {
            return Vec::new();
        };
        let paths = ingress["spec"]["rules"][0]["http"]["paths"].as_array();
        let to_users: BTreeSet<&str> = paths
            .into_iter()
            .flatten()
            .filter(|path| path["backend"]["service"]["name"] == "loquat-user-service")
            .filter_map(|path| path["path"].as_str())
            .collect();
        let wanted = paths_to_users(gateway);
        if to_users == wanted.iter().map(String::as_str).collect() {
            return Vec::new();
        }
        vec![format!(
            "the ingress sends {to_users:?} to user-service, the gateway {wanted:?}"
        )]
    }
}

/// `^/v1/(auth|users)(/|$)` in the gateway's template, as beginnings of paths.
fn paths_to_users(gateway: &str) -> BTreeSet<String> {
    let listed = gateway.split("location ~ ^/v1/(").nth(1).unwrap_or_default();
    let listed = listed.split(')').next().unwrap_or_default();
    let mut paths: BTreeSet<String> = listed.split('|').map(|name| format!("/v1/{name}")).collect();
    paths.insert("/.well-known".to_owned());
    paths
}

/// The variables of a service are those that it knows, with all that it needs.
pub(super) fn faults_of_names(
    service: &str,
    deployment: &Value,
    known: &BTreeSet<String>,
    needed: &BTreeSet<String>,
) -> Vec<String> {
    let given: Vec<&str> = variables(deployment)
        .filter_map(|variable| variable["name"].as_str())
        .collect();
    let names: BTreeSet<String> = given.iter().map(|name| (*name).to_owned()).collect();
    let mut faults = Vec::new();
    if names.len() != given.len() {
        faults.push(format!("{service} is given a variable twice: {given:?}"));
    }
    let unknown = names.difference(known);
    faults.extend(unknown.map(|name| format!("{service} does not know {name}")));
    let missing = needed.difference(&names);
    faults.extend(missing.map(|name| format!("{service} needs {name}")));
    faults
}

/// Secrets are named and never written, and the pod may do as little as it can.
pub(super) fn faults_of_safety(service: &str, deployment: &Value) -> Vec<String> {
    let written = variables(deployment).filter(|variable| {
        let is_secret = variable["name"].as_str().is_some_and(|name| SECRET.contains(&name));
        is_secret && variable["valueFrom"]["secretKeyRef"]["key"] != variable["name"]
    });
    let mut faults: Vec<String> = written
        .map(|variable| format!("{service}: {} does not come from a Secret", variable["name"]))
        .collect();
    for (place, wanted) in SAFE {
        let found = deployment.pointer(place).map(Value::to_string);
        if found.as_deref() != Some(wanted) {
            faults.push(format!("{service}: {place} is {found:?} and not {wanted}"));
        }
    }
    faults
}

fn variables(deployment: &Value) -> impl Iterator<Item = &Value> {
    let container = &deployment["spec"]["template"]["spec"]["containers"][0];
    container["env"].as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn deployment(env: &Value) -> Value {
        json!({ "kind": "Deployment", "spec": { "template": { "spec": {
            "automountServiceAccountToken": false,
            "securityContext": { "runAsNonRoot": true, "seccompProfile": { "type": "RuntimeDefault" } },
            "containers": [{
                "env": env,
                "livenessProbe": { "httpGet": { "path": "/livez" } },
                "securityContext": {
                    "allowPrivilegeEscalation": false,
                    "readOnlyRootFilesystem": true,
                    "capabilities": { "drop": ["ALL"] },
                },
            }],
        } } } })
    }

    #[test]
    fn names_that_fit_are_fine_and_others_are_found() {
        let given = deployment(&json!([{ "name": "LOG", "value": "info" }, { "name": "CASH_URL", "value": "" }]));

        assert_eq!(
            faults_of_names("a", &given, &set(&["LOG", "CASH_URL"]), &set(&["LOG"])),
            [""; 0]
        );
        assert_eq!(
            faults_of_names("a", &given, &set(&["LOG"]), &set(&["CACHE_URL"])),
            ["a does not know CASH_URL", "a needs CACHE_URL"]
        );
    }

    #[test]
    fn a_secret_that_is_written_out_is_found() {
        let named =
            json!([{ "name": "CACHE_URL", "valueFrom": { "secretKeyRef": { "name": "s", "key": "CACHE_URL" } } }]);
        let written = json!([{ "name": "CACHE_URL", "value": "redis://:password@cache" }]);

        assert_eq!(faults_of_safety("a", &deployment(&named)), [""; 0]);
        assert_eq!(
            faults_of_safety("a", &deployment(&written)),
            ["a: \"CACHE_URL\" does not come from a Secret"]
        );
    }

    #[test]
    fn a_pod_that_may_write_to_its_disk_is_found() {
        let mut open = deployment(&json!([]));
        open["spec"]["template"]["spec"]["containers"][0]["securityContext"]["readOnlyRootFilesystem"] = json!(false);

        let faults = faults_of_safety("a", &open);

        assert!(
            faults.len() == 1 && faults[0].contains("readOnlyRootFilesystem"),
            "{faults:?}"
        );
    }

    #[test]
    fn a_kind_that_the_chart_is_not_for_is_found() {
        let rendered = Rendered(vec![json!({ "kind": "Secret" }), json!({ "kind": "Service" })]);

        assert_eq!(rendered.faults_of_kinds(), ["the chart makes a Secret"]);
    }

    #[test]
    fn a_path_that_goes_elsewhere_than_at_the_gateway_is_found() {
        let gateway = "location ~ ^/v1/(auth|users)(/|$) {\n";
        let ingress = |paths: &[&str]| {
            let paths: Vec<Value> = paths
                .iter()
                .map(|path| json!({ "path": path, "backend": { "service": { "name": "loquat-user-service" } } }))
                .collect();
            Rendered(vec![
                json!({ "kind": "Ingress", "spec": { "rules": [{ "http": { "paths": paths } }] } }),
            ])
        };

        let whole = ingress(&["/v1/auth", "/v1/users", "/.well-known"]);
        assert_eq!(whole.faults_of_paths(gateway), [""; 0]);
        assert_eq!(ingress(&["/v1/auth", "/.well-known"]).faults_of_paths(gateway).len(), 1);
    }
}

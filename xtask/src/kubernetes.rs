//! Whether the chart for Kubernetes makes what a cluster takes and what the services understand, as far as that can be said
//! without a cluster: rendered by Helm, held to the schemas that Kubernetes publishes, and its names compared.

mod rendered;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use self::rendered::Rendered;
use crate::checkout::Checkout;
use crate::go::Program;
use crate::python::Environment;
use crate::steps::Output;
use crate::{builds, deployment, environment, packages, processes};

const CHART: &str = "infra/kubernetes/loquat";
const EXAMPLES: &str = "infra/kubernetes/loquat/examples";

const HELM: Program = Program {
    name: "helm",
    module: "helm.sh/helm/v3/cmd/helm",
    version: "v3.18.4",
};

/// Carries the schemas of every version.
const VALIDATOR: Environment = Environment {
    name: "kubernetes",
    packages: &[
        "kubernetes-validate==1.37.0",
        "attrs==26.1.0",
        "importlib_resources==7.1.0",
        "jsonschema==4.26.0",
        "jsonschema-specifications==2025.9.1",
        "packaging==26.3",
        "PyYAML==6.0.3",
        "referencing==0.37.0",
        "rpds-py==2026.9.1",
        "typing_extensions==4.16.0",
    ],
};

/// The oldest version that the chart takes, and the newest with a published schema.
const VERSIONS: [&str; 2] = ["1.30", "1.37"];

/// Fails naming everything that does not fit. Needs the programs of the services. A tool that cannot be installed is
/// reported on a person's machine and is a fault in the continuous integration.
pub(crate) fn hold(checkout: &Checkout, output: &Output) -> anyhow::Result<()> {
    let helm = packages::ensure(packages::DEPLOYMENT_TEST, output)
        .and_then(|()| VALIDATOR.ensure(output))
        .and_then(|()| HELM.ensure(checkout, output));
    let helm = match helm {
        Ok(helm) => helm,
        Err(fault) if environment::is_continuous_integration() => return Err(fault),
        Err(fault) => {
            println!("   not run, because its tools cannot be installed: {fault:#}");
            return Ok(());
        }
    };
    refuses_what_is_not_chosen(checkout, &helm)?;
    let mut faults = Vec::new();
    for values in examples(checkout)? {
        let rendered = render(checkout, output, &helm, &values)?;
        let name = values.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let found = faults_of(checkout, &rendered).with_context(|| name.clone())?;
        faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{}", faults.join("\n"))
}

/// Without values, and with a secret among the settings, there is an error instead of something that looks right.
fn refuses_what_is_not_chosen(checkout: &Checkout, helm: &Path) -> anyhow::Result<()> {
    ensure!(
        processes::answer(template(checkout, helm)).is_none(),
        "{CHART} is rendered though nothing was chosen"
    );
    let mut with_secret = template(checkout, helm);
    with_secret
        .args(["--values", &format!("{EXAMPLES}/minimal.yaml")])
        .args(["--set", "services.user-service.settings.CODE_PEPPER=known-to-everybody"]);
    ensure!(
        processes::answer(with_secret).is_none(),
        "{CHART} takes a secret as a setting, which everybody who may read deployments sees"
    );
    Ok(())
}

fn examples(checkout: &Checkout) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(checkout.root().join(EXAMPLES)).with_context(|| format!("reading {EXAMPLES}"))? {
        files.push(entry.with_context(|| format!("reading {EXAMPLES}"))?.path());
    }
    ensure!(files.len() > 1, "{EXAMPLES} holds too few values to tell anything");
    files.sort();
    Ok(files)
}

/// Renders the chart with these values, and holds the result to the schemas.
fn render(checkout: &Checkout, output: &Output, helm: &Path, values: &Path) -> anyhow::Result<Rendered> {
    let mut lint = Command::new(helm);
    lint.args(["lint", "--strict", "--kube-version", "1.30.0", CHART, "--values"])
        .arg(values)
        .current_dir(checkout.root());
    output.follow(lint).with_context(|| format!("{}", values.display()))?;

    let mut render = template(checkout, helm);
    render.arg("--values").arg(values);
    let text = processes::answer(render).with_context(|| format!("helm cannot render {}", values.display()))?;
    let file = checkout.kept(&format!(
        "kubernetes/{}",
        values.file_name().unwrap_or_default().to_string_lossy()
    ))?;
    fs::write(&file, &text).with_context(|| format!("writing {}", file.display()))?;
    for version in VERSIONS {
        let mut validate = Command::new(VALIDATOR.program("kubernetes-validate")?);
        validate.args(["--strict", "--kubernetes-version", version]).arg(&file);
        output
            .follow(validate)
            .with_context(|| format!("{} in Kubernetes {version}", values.display()))?;
    }
    Ok(Rendered(as_json(&file)?))
}

/// Everything in a file of YAML, by the reader that the validator uses.
fn as_json(file: &Path) -> anyhow::Result<Vec<Value>> {
    let mut read = Command::new(VALIDATOR.program("python")?);
    read.args([
        "-c",
        "import json, sys, yaml; print(json.dumps(list(filter(None, yaml.safe_load_all(open(sys.argv[1]))))))",
    ])
    .arg(file);
    let text = processes::answer(read).with_context(|| format!("reading {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))
}

/// Helm knows no cluster here, so it is told the oldest version that the chart takes.
fn template(checkout: &Checkout, helm: &Path) -> Command {
    let mut template = Command::new(helm);
    template
        .args(["template", "loquat", CHART, "--kube-version", "1.30.0"])
        .current_dir(checkout.root());
    template
}

fn faults_of(checkout: &Checkout, rendered: &Rendered) -> anyhow::Result<Vec<String>> {
    let mut faults = rendered.faults_of_kinds();
    for service in builds::SERVICES {
        let deployment = rendered.of_service("Deployment", service)?;
        let known = deployment::known(checkout, service)?;
        let needed = deployment::needed(checkout, service)?;
        faults.extend(rendered::faults_of_names(service, deployment, &known, &needed));
        faults.extend(rendered::faults_of_safety(service, deployment));
        for kind in ["PodDisruptionBudget", "HorizontalPodAutoscaler", "ServiceAccount"] {
            rendered.of_service(kind, service)?;
        }
    }
    let gateway = fs::read_to_string(checkout.root().join("infra/gateway/loquat.conf.template"))
        .context("reading the gateway's template")?;
    faults.extend(rendered.faults_of_paths(&gateway));
    Ok(faults)
}

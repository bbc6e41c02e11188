"""Whether the commands in the pages for operators exist and take the flags they are given.

`aws` is asked in botocore, which the AWS CLI is made of; Terraform, the toolbox, the services and our scripts by their own
help. What else a page may call is in ELSEWHERE, with the flags that its manual names. A command that nobody here knows is a
fault, and so is a block of code that does not say what it is.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys

import botocore.exceptions
import botocore.session
import botocore.waiter
from botocore import xform_name

PAGES = [
    "docs/how-to/deploy-on-aws.md",
    "docs/runbooks/aws-change-size.md",
    "docs/runbooks/aws-delete-environment.md",
    "docs/runbooks/aws-deploy-and-rollback.md",
    "docs/runbooks/aws-renew-certificates.md",
    "docs/runbooks/aws-rotate-credentials.md",
    "docs/runbooks/aws-state-lock.md",
    "docs/runbooks/aws-upgrade-engines.md",
]
CREDENTIALS = "infra/terraform/scripts/credentials"
GLOBAL_FLAGS = {"region", "profile", "output", "query", "cli-input-json", "no-cli-pager", "max-items", "page-size"}
# Commands of the CLI that are more than one operation, from its reference.
OF_THE_CLI = {
    ("ecr", "get-login-password"): set(),
    ("logs", "tail"): {"since", "follow", "format", "filter-pattern"},
    ("configure", "sso"): set(),
}
ELSEWHERE = {
    "cd": set(),
    "cp": set(),
    "curl": {"--fail", "--silent", "--show-error", "--request"},
    "docker": {"login", "--username", "--password-stdin", "buildx", "build", "--platform", "--target", "--tag", "--push",
               "--metadata-file", "--provenance"},
    "echo": set(),
    "export": set(),
    "git": {"clone", "checkout", "rev-parse", "--short"},
    "jq": {"-r", "-n", "--arg"},
    "mkdir": {"-p"},
    "openssl": {"rand", "-hex", "version"},
    "rm": set(),
    "dig": {"+short"},
    "test": set(),
}
# What must be found, so that this check cannot fall silent.
WRONG = [
    "aws ecs update-servise --cluster a",
    "aws ecs update-service --cluster a --force-new-deploy",
    "aws ecs wait services-table --cluster a",
    "terraform plan -outt=x",
    "terraform -chdir=infra/terraform/nowhere plan",
    "cargo xtask tset",
    "cargo xtask prove teraform",
    "mail-service --chek",
    f"{CREDENTIALS} --places a rotat cache",
    f"{CREDENTIALS} --place a redeploy",
    "docker buildx build --pusch .",
    "kubectl get pods",
    'echo "$(aws sts who-am-i)"',
]


def blocks(page):
    """The shell of a page, block by block, with the line it begins at."""
    language, lines, start = None, [], 0
    with open(page, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            fence = re.match(r"\s*```(\w*)", line)
            if fence and language is None:
                language, lines, start = fence.group(1), [], number
            elif fence:
                yield start, language, "".join(lines)
                language = None
            elif language is not None:
                lines.append(line)


def commands(text):
    """The simple commands in a piece of shell, those inside others first, each as words."""
    text = re.sub(r"\\\n\s*", " ", text)
    text = text.replace("$ENVIRONMENT", "production")
    inner = re.search(r"\$\(([^()]*)\)", text)
    while inner:
        yield from commands(inner.group(1))
        text = text[: inner.start()] + "ANSWER" + text[inner.end() :]
        inner = re.search(r"\$\(([^()]*)\)", text)
    for line in text.splitlines():
        reader = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
        reader.whitespace_split = True
        words = []
        for word in reader:
            if set(word) <= set("|&;"):
                yield words
                words = []
            else:
                words.append(word)
        yield words


def faults(words):
    """What is wrong with one command."""
    while words and re.fullmatch(r"[A-Z_a-z]+=.*", words[0]):
        words = words[1:]
    for index, word in enumerate(words):
        if word in ("<", ">", ">>"):
            words = words[:index]
            break
    if not words or words[0] in ("for", "do", "done", "export"):
        words = words[2:] if words[:1] == ["do"] else words
        if not words or words[0] in ("for", "done", "export"):
            return
    program, rest = words[0], words[1:]
    for word in words:
        if word.startswith("infra/") and not os.path.isdir(os.path.dirname(word)):
            yield f"there is no folder for {word}"
    if program == "aws":
        yield from faults_of_aws(rest)
    elif program == "terraform":
        yield from faults_of_terraform(rest)
    elif words[:2] == ["cargo", "xtask"]:
        yield from faults_of_help([os.environ["XTASK"]], rest[1:], "cargo xtask")
    elif program in ("user-service", "mail-service", "chat-service", "loquat-server"):
        yield from faults_of_help([f".loquat/bin/{program}"], rest, program)
    elif program == CREDENTIALS:
        yield from faults_of_credentials(rest)
    elif program in ELSEWHERE:
        flags = [word.split("=", 1)[0] for word in rest if word.startswith(("-", "+"))]
        unknown = [flag for flag in flags if flag not in ELSEWHERE[program]]
        yield from (f"{program} has no {word}" for word in unknown)
    else:
        yield f"nobody knows {program}"


def flags_of(words):
    return [word.split("=", 1)[0] for word in words if word.startswith("-")]


def faults_of_aws(words):
    service, operation = (words + ["", ""])[:2]
    if (service, operation) in OF_THE_CLI:
        known = OF_THE_CLI[service, operation] | GLOBAL_FLAGS
    else:
        try:
            # What the CLI calls s3 copies files; the operations of S3 have another name there.
            model = SESSION.get_service_model("s3" if service == "s3api" else service)
        except botocore.exceptions.UnknownServiceError:
            yield f"aws has no service {service}"
            return
        if operation == "wait":
            operation = waited_for(service, words[2])
            if operation is None:
                yield f"aws {service} cannot wait for {words[2]}"
                return
        operations = {xform_name(name, "-"): name for name in model.operation_names}
        if operation not in operations:
            yield f"aws {service} has no {operation}"
            return
        shape = model.operation_model(operations[operation]).input_shape
        known = set(GLOBAL_FLAGS)
        for name, member in (shape.members if shape else {}).items():
            flag = xform_name(name, "-")
            known |= {flag, f"no-{flag}"} if member.type_name == "boolean" else {flag}
    for flag in flags_of(words):
        if flag.removeprefix("--") not in known:
            yield f"aws {service} {operation} has no {flag}"


def waited_for(service, name):
    waiters = SESSION.get_waiter_model(service)
    names = {xform_name(waiter, "-"): waiter for waiter in waiters.waiter_names}
    return xform_name(waiters.get_waiter(names[name]).operation, "-") if name in names else None


def faults_of_terraform(words):
    for word in words:
        if word.startswith("-chdir=") and not os.path.isdir(word.split("=", 1)[1]):
            yield f"there is no folder {word.split('=', 1)[1]}"
    words = [word for word in words if not word.startswith("-chdir=")]
    if words[:1] == ["state"]:
        words = [" ".join(words[:2])] + words[2:]
    text = answer(["terraform", *words[0].split(), "-help"])
    if text is None or "Usage: terraform" not in text:
        yield f"terraform has no {words[0]}"
        return
    yield from (f"terraform {words[0]} has no {flag}" for flag in flags_of(words[1:]) if not is_in(flag, text))


def faults_of_help(program, words, name):
    """Of a program whose sub-commands have a help of their own, and whose flags stand in it."""
    program = list(program)
    while words and not words[0].startswith("-"):
        text = answer([*program, "--help"]) or ""
        if not is_in(words[0], text):
            yield f"{name} has no {words[0]}"
            return
        if answer([*program, words[0], "--help"]) is not None and "Usage" in answer([*program, words[0], "--help"]):
            program.append(words[0])
        words = words[1:]
    text = answer([*program, "--help"]) or ""
    yield from (f"{name} has no {flag}" for flag in flags_of(words) if not is_in(flag, text))


def faults_of_credentials(words):
    text = answer([CREDENTIALS, "--help"]) or ""
    yield from (f"{CREDENTIALS} has no {flag}" for flag in flags_of(words) if not is_in(flag, text))
    plain = [word for word in words if not word.startswith("-")][1:]
    known = re.search(r"\{([a-z,]+)\}", text).group(1).split(",")
    if not plain or plain[0] not in known:
        yield f"{CREDENTIALS} has no {' '.join(plain)}"
        return
    yield from (f"{CREDENTIALS} {plain[0]} knows no {part}" for part in plain[1:] if not is_in(part, text))


def is_in(word, text):
    return re.search(rf"(^|[\s,\[]){re.escape(word)}($|[\s,=:\].])", text, re.MULTILINE) is not None


def answer(command):
    """What a program says, whether it ends well or not; nothing when it cannot be run or refuses a sub-command."""
    key = tuple(command)
    if key not in ANSWERS:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
            refused = done.returncode == 2 and "Usage" not in done.stdout
            ANSWERS[key] = None if refused else done.stdout + done.stderr
        except OSError:
            ANSWERS[key] = None
    return ANSWERS[key]


SESSION = botocore.session.get_session()
ANSWERS = {}


def cost_of_fargate():
    """What the page says that tasks cost, held to what the sizes say; prices by the hour as the page names them."""
    with open("docs/how-to/deploy-on-aws.md", encoding="utf-8") as file:
        row = next(line for line in file if line.startswith("| Fargate, ARM |"))
    said = [int(cell.strip().replace(",", "")) for cell in row.split("|")[2:5]]
    cpu, memory = (float(re.search(rf"\$([0-9.]+) per {unit}-hour", row).group(1)) for unit in ("vCPU", "GiB"))
    with open("infra/terraform/modules/services/sizes.tf", encoding="utf-8") as file:
        sizes = re.findall(r"^    (\w+) = \{\n(.*?)^    \}", file.read(), re.MULTILINE | re.DOTALL)
    for (size, text), dollars in zip(sizes, said, strict=True):
        tasks = re.findall(r"cpu = (\d+), memory = (\d+), min = (\d+)", text)
        real = sum(int(n) * (int(c) / 1024 * cpu + int(m) / 1024 * memory) * 730 for c, m, n in tasks)
        if abs(real - dollars) > 1:
            yield f"docs/how-to/deploy-on-aws.md: Fargate costs {real:.0f} for {size}, not {dollars}"


def main():
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("pages", nargs="*", default=PAGES)
    found, count = list(cost_of_fargate()), 0
    for page in reader.parse_args().pages:
        for line, language, text in blocks(page):
            if language not in ("sh", "json", "text", "hcl"):
                found.append(f"{page}:{line}: a block of code that does not say what it is")
            for words in commands(text) if language == "sh" else []:
                count += bool(words)
                found += [f"{page}:{line}: {fault}" for fault in faults(words)]
    for text in WRONG:
        if not any(fault for words in commands(text) for fault in faults(words)):
            found.append(f"this check does not notice {text!r}")
    for line in found:
        print(line)
    print(f"{count} commands in {len(PAGES)} pages: {len(found)} faults")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

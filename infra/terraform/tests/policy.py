"""What must be true of every plan, whatever its values: `policy.py NAME=PLAN.json …`.

Each rule is a function that yields what breaks it; the name of the function is the rule. A value that is known only after
applying counts as broken where a rule needs it, so that nothing passes unseen.
"""

import json
import pathlib
import re
import sys

import botocore.session
from botocore.validate import ParamValidator

TAGS = {"Project", "Environment", "ManagedBy", "Stack"}
LEGAL_MEMORY = {
    256: {512, 1024, 2048},
    512: set(range(1024, 4097, 1024)),
    1024: set(range(2048, 8193, 1024)),
    2048: set(range(4096, 16385, 1024)),
    4096: set(range(8192, 30721, 1024)),
    8192: set(range(16384, 61441, 4096)),
    16384: set(range(32768, 122881, 8192)),
}
LONGEST_STOP_S = 120
# AWS gives out the registry's token for no resource in particular.
FOR_ANY_RESOURCE = {"ecr:GetAuthorizationToken"}


class Plan:
    """One plan as `terraform show -json` writes it."""

    def __init__(self, name, path):
        self.name = name
        with open(path, encoding="utf-8") as file:
            self.document = json.load(file)
        self.kind = "foundation" if name.endswith("foundation") else "services"
        self.is_production = name.startswith("production")

    def all(self, *types):
        """Address and values of what will be there, of these types or of every one."""
        for change in self.document["resource_changes"]:
            if (not types or change["type"] in types) and change["change"]["after"] is not None:
                yield change["address"], change["change"]["after"], change["change"].get("after_unknown", {})

    def containers(self):
        for address, task, _ in self.all("aws_ecs_task_definition"):
            for container in json.loads(task["container_definitions"]):
                yield f"{address}: {container['name']}", container


def everything_carries_its_tags(plan):
    for address, values, _ in plan.all():
        if "tags_all" in values:
            missing = TAGS - set(values["tags_all"] or {})
            if missing:
                yield f"{address} lacks {sorted(missing)}"


def logs_end_and_are_encrypted(plan):
    for address, group, unknown in plan.all("aws_cloudwatch_log_group"):
        if not group.get("retention_in_days"):
            yield f"{address} is kept for ever"
        if not group.get("kms_key_id") and not unknown.get("kms_key_id"):
            yield f"{address} is not encrypted with a key of ours"


def what_is_kept_is_encrypted(plan):
    wanted = {
        "aws_docdb_cluster": [("storage_encrypted", True), ("kms_key_id", None)],
        "aws_elasticache_replication_group": [
            ("at_rest_encryption_enabled", "true"),
            ("transit_encryption_enabled", True),
            ("transit_encryption_mode", "required"),
            ("kms_key_id", None),
        ],
        "aws_sns_topic": [("kms_master_key_id", None)],
        "aws_secretsmanager_secret": [("kms_key_id", None)],
        "aws_backup_vault": [("kms_key_arn", None)],
        "aws_kms_key": [("enable_key_rotation", True)],
    }
    for kind, settings in wanted.items():
        for address, values, unknown in plan.all(kind):
            for key, value in settings:
                found = values.get(key)
                given = unknown.get(key) or (found if value is None else str(found).lower() == str(value).lower())
                if not given:
                    yield f"{address}.{key} is {found!r}"
    for address, repository, _ in plan.all("aws_ecr_repository"):
        if [one["encryption_type"] for one in repository["encryption_configuration"]] != ["KMS"]:
            yield f"{address} is not encrypted with a key of ours"
    buckets = sum(1 for _ in plan.all("aws_s3_bucket"))
    if buckets != sum(1 for _ in plan.all("aws_s3_bucket_server_side_encryption_configuration")):
        yield "a bucket is not encrypted"


def no_data_store_is_public(plan):
    for address, broker, _ in plan.all("aws_mq_broker"):
        if broker["publicly_accessible"]:
            yield f"{address} is public"
    blocked = 0
    for address, block, _ in plan.all("aws_s3_bucket_public_access_block"):
        names = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
        blocked += all(block[name] for name in names)
    if blocked != sum(1 for _ in plan.all("aws_s3_bucket")):
        yield "a bucket may be made public"
    for address, rule, _ in plan.all("aws_vpc_security_group_ingress_rule"):
        if rule["cidr_ipv4"] is not None and not re.search(r"ingress_rule\.load_balancer\[\"(80|443)\"\]$", address):
            yield f"{address} is open to {rule['cidr_ipv4']}"
    for address, service, _ in plan.all("aws_ecs_service"):
        if service["network_configuration"][0]["assign_public_ip"]:
            yield f"{address} has a public address"


def rights_are_named(plan):
    for address, policy, _ in plan.all("aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_policy"):
        if not policy.get("policy"):
            yield f"{address} is not known before it is applied"
            continue
        for statement in json.loads(policy["policy"])["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            if any("*" in action for action in actions):
                yield f"{address} allows {actions}"
            if statement["Resource"] == "*" and not set(actions) <= FOR_ANY_RESOURCE:
                yield f"{address} allows {actions} on everything"


def a_service_reads_its_own_secrets_only(plan):
    if plan.kind != "services":
        return
    for address, task, _ in plan.all("aws_ecs_task_definition"):
        own = {
            secret["valueFrom"] for one in json.loads(task["container_definitions"]) for secret in one.get("secrets", [])
        }
        role = address.replace("aws_ecs_task_definition.this", "aws_iam_role_policy.execution")
        policy = next(values["policy"] for found, values, _ in plan.all("aws_iam_role_policy") if found == role)
        allowed = set()
        for statement in json.loads(policy)["Statement"]:
            if "secretsmanager:GetSecretValue" in statement["Action"]:
                allowed |= set(statement["Resource"])
        if own != allowed:
            yield f"{role} may read {sorted(own ^ allowed)} too much or too little"
    roles = [values["name"] for _, values, _ in plan.all("aws_iam_role")]
    if len(set(roles)) != 6:
        yield f"three services have the roles {roles}, not two each"


def tasks_are_of_a_size_that_fargate_has(plan):
    for address, task, _ in plan.all("aws_ecs_task_definition"):
        if int(task["memory"]) not in LEGAL_MEMORY.get(int(task["cpu"]), set()):
            yield f"{address} has {task['cpu']} units and {task['memory']} MiB"
        if task["runtime_platform"][0]["cpu_architecture"] != "ARM64":
            yield f"{address} is not for ARM64"


def containers_are_what_aws_understands(plan):
    shape = botocore.session.get_session().get_service_model("ecs").operation_model("RegisterTaskDefinition").input_shape
    for address, task, _ in plan.all("aws_ecs_task_definition"):
        request = {
            "family": task["family"],
            "containerDefinitions": json.loads(task["container_definitions"]),
            "cpu": str(task["cpu"]),
            "memory": str(task["memory"]),
            "networkMode": task["network_mode"],
        }
        report = ParamValidator().validate(request, shape)
        if report.has_errors():
            yield f"{address}: {report.generate_report()}"


def containers_can_do_little(plan):
    for where, one in plan.containers():
        if not one.get("readonlyRootFilesystem"):
            yield f"{where} can write to its image"
        if not re.fullmatch(r"[1-9][0-9]*:[1-9][0-9]*", one.get("user", "")):
            yield f"{where} runs as {one.get('user')!r}"
        if one.get("privileged") or one["linuxParameters"]["capabilities"]["drop"] != ["ALL"]:
            yield f"{where} keeps rights of the system"
        if not re.search(r"@sha256:[0-9a-f]{64}$", one["image"]):
            yield f"{where} runs {one['image']}, which is no digest"
        if [mount["containerPath"] for mount in one["mountPoints"]] != ["/data"]:
            yield f"{where} has other folders than /data"


def no_setting_is_a_secret_and_each_is_set_once(plan):
    for where, one in plan.containers():
        settings = {entry["name"]: entry["value"] for entry in one["environment"]}
        names = [entry["name"] for entry in one["environment"] + one["secrets"]]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{where} is told {name} twice"
        for name, value in settings.items():
            looks_secret = re.search(r"PASSWORD|PEPPER|SECRET|TOKEN$|DATABASE_URL|CACHE_URL|BROKER_URL|SMTP_URL", name)
            if looks_secret or re.search(r"//[^/]*:[^/]*@", value):
                yield f"{where} is told {name} in the open"


def programs_stop_by_themselves(plan):
    for where, one in plan.containers():
        if not one["essential"]:
            continue
        settings = {entry["name"]: entry["value"] for entry in one["environment"]}
        longest = one.get("stopTimeout", 0)
        if not int(settings["STOP_GRACE_S"]) < longest <= LONGEST_STOP_S:
            yield f"{where} is killed after {longest} s, and finishes within {settings['STOP_GRACE_S']} s"
        if int(settings["MOST_CONNECTIONS"]) >= one["ulimits"][0]["softLimit"]:
            yield f"{where} takes more connections than it may have files"
        if int(settings["CONNECTIONS_PER_ADDRESS"]) < int(settings["MOST_CONNECTIONS"]):
            yield f"{where} refuses the load balancer, whose few addresses all connections come from"
        if int(settings["REQUEST_HEAD_TIMEOUT_S"]) <= 120:
            yield f"{where} is less patient than the load balancer"


def deploys_take_themselves_back(plan):
    for address, service, _ in plan.all("aws_ecs_service"):
        if service["deployment_circuit_breaker"] != [{"enable": True, "rollback": True}]:
            yield f"{address} keeps a failed deploy"
        if service["deployment_minimum_healthy_percent"] != 100:
            yield f"{address} stops tasks before their successors run"


def services_grow_by_what_weighs_on_them(plan):
    if plan.kind != "services":
        return
    found = {address for address, _, _ in plan.all("aws_appautoscaling_policy")}
    for service, name in [("chat-service", 'load["connections"]'), ("mail-service", 'load["waiting"]')] + [
        (service, "cpu") for service in ("user-service", "mail-service", "chat-service")
    ]:
        wanted = f'module.services.module.service["{service}"].aws_appautoscaling_policy.{name}'
        if wanted not in found:
            yield f"{wanted} is missing"


def the_address_is_guarded(plan):
    if plan.kind != "foundation":
        return
    for address, balancer, _ in plan.all("aws_lb"):
        if balancer["idle_timeout"] != 120 or not balancer["drop_invalid_header_fields"]:
            yield f"{address} closes after {balancer['idle_timeout']} s, or passes on broken headers"
    for address, listener, _ in plan.all("aws_lb_listener"):
        action = listener["default_action"][0]
        if listener["port"] == 80 and action["type"] != "redirect":
            yield f"{address} answers without TLS"
        if listener["port"] == 443 and not listener["ssl_policy"].startswith("ELBSecurityPolicy-TLS13-1-"):
            yield f"{address} speaks {listener['ssl_policy']}"
    for address, group, _ in plan.all("aws_lb_target_group"):
        if str(group["deregistration_delay"]) != "30" or group["health_check"][0]["path"] != "/healthz":
            yield f"{address} waits {group['deregistration_delay']} s, or asks {group['health_check'][0]['path']}"
    if not list(plan.all("aws_wafv2_web_acl_association")):
        yield "nothing stands in front of the load balancer"
    text = json.dumps([values["rule"] for _, values, _ in plan.all("aws_wafv2_web_acl")])
    for path in ("/v1/auth/code", "/v1/auth/"):
        if f'"search_string": "{path}"' not in text:
            yield f"nothing limits {path}"


def every_path_of_the_gateway_goes_where_it_is_answered(plan):
    if plan.kind != "foundation":
        return
    with open("infra/gateway/loquat.conf.template", encoding="utf-8") as file:
        names = re.search(r"\^/v1/\(([a-z|]+)\)", file.read()).group(1).split("|")
    wanted = {path for name in names for path in (f"/v1/{name}", f"/v1/{name}/*")} | {"/.well-known/*"}
    rules = sorted(plan.all("aws_lb_listener_rule"), key=lambda rule: rule[1]["priority"])
    paths = [rule["condition"][0]["path_pattern"][0]["values"] for _, rule, _ in rules]
    found = {path for values in paths[:-1] for path in values}
    if found != wanted or paths[-1] != ["/v1/*"]:
        yield f"the load balancer and the gateway differ in {sorted(found ^ wanted)}; last comes {paths[-1]}"


def production_outlives_a_fault(plan):
    if not (plan.is_production and plan.kind == "foundation"):
        return
    for address, cluster, _ in plan.all("aws_docdb_cluster"):
        if not cluster["deletion_protection"] or cluster["skip_final_snapshot"] or cluster["backup_retention_period"] < 7:
            yield f"{address} can be lost"
    if sum(1 for _ in plan.all("aws_docdb_cluster_instance")) < 2:
        yield "there is one database instance"
    for address, balancer, _ in plan.all("aws_lb"):
        if not balancer["enable_deletion_protection"]:
            yield f"{address} can be deleted"
    for address, group, _ in plan.all("aws_elasticache_replication_group"):
        if not group["automatic_failover_enabled"] or not group["multi_az_enabled"]:
            yield f"{address} is not taken over"
    for address, broker, _ in plan.all("aws_mq_broker"):
        if broker["deployment_mode"] != "CLUSTER_MULTI_AZ":
            yield f"{address} is {broker['deployment_mode']}"
    if not list(plan.all("aws_backup_plan")):
        yield "nothing is copied"


def engines_are_of_the_right_kind(plan):
    for address, cluster, _ in plan.all("aws_docdb_cluster"):
        if not cluster["engine_version"].startswith("8.0"):
            yield f"{address} is {cluster['engine_version']}"
        if cluster["master_password"] or cluster["manage_master_user_password"]:
            yield f"{address} keeps its password in the state, or changes it without telling the services"
    for address, broker, _ in plan.all("aws_mq_broker"):
        if not broker["engine_version"].startswith("4."):
            yield f"{address} is {broker['engine_version']}, whose queues are no quorum queues by default"
    for address, group, _ in plan.all("aws_elasticache_replication_group"):
        if group["engine"] != "valkey":
            yield f"{address} is {group['engine']}"


def somebody_is_told(plan):
    if plan.kind != "foundation":
        return
    for address, alarm, unknown in plan.all("aws_cloudwatch_metric_alarm"):
        if not alarm.get("alarm_actions") and not unknown.get("alarm_actions"):
            yield f"{address} tells nobody"
    for kind in ("aws_budgets_budget", "aws_sns_topic_subscription", "aws_sesv2_configuration_set_event_destination"):
        if not list(plan.all(kind)):
            yield f"there is no {kind}"


def only_the_number_of_tasks_is_left_to_others(_plan):
    for path in pathlib.Path("infra/terraform").glob("**/*.tf"):
        for found in re.findall(r"ignore_changes\s*=\s*(\[[^]]*\]|\w+)", path.read_text(encoding="utf-8")):
            if found != "[desired_count]":
                yield f"{path} ignores changes of {found}"


def nothing_comes_from_a_registry_of_modules(plan):
    def calls(module):
        for call in module.get("module_calls", {}).values():
            yield call["source"]
            yield from calls(call["module"])

    configuration = plan.document["configuration"]
    for source in calls(configuration["root_module"]):
        if not source.startswith(("./", "../")):
            yield f"a module comes from {source}"
    for provider in configuration["provider_config"].values():
        if provider["full_name"] not in ("registry.terraform.io/hashicorp/aws", "terraform.io/builtin/terraform"):
            yield f"there is a provider {provider['full_name']}"


RULES = [
    rule
    for rule in list(globals().values())
    if callable(rule) and getattr(rule, "__module__", None) == __name__ and not isinstance(rule, type)
]


def main():
    plans = [Plan(*argument.split("=", 1)) for argument in sys.argv[1:]]
    broken = [f"{rule.__name__}: {plan.name}: {fault}" for plan in plans for rule in RULES for fault in rule(plan)]
    for line in broken:
        print(line)
    print(f"{len(RULES)} rules over {len(plans)} plans: {len(broken)} broken")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()

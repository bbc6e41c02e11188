# The three services, each with the settings that its --help explains.

locals {
  secret = var.foundation.secrets

  # Beside what Terraform knows, whatever `settings` says.
  settings = { for name in ["user-service", "mail-service", "chat-service"] : name => merge(
    local.common,
    local.own[name],
    { MOST_CONNECTIONS = tostring(local.chosen[name].connections), CONNECTIONS_PER_ADDRESS = tostring(local.chosen[name].connections) },
    lookup(var.settings, name, {}),
  ) }

  common = merge(
    {
      LISTEN     = "0.0.0.0:${var.foundation.ports.service}"
      OPS_LISTEN = "0.0.0.0:${var.foundation.ports.ops}"
      DATA_DIR   = "/data"
      LOG        = var.log
      LOG_FORMAT = "json"
      PUBLIC_URL = var.foundation.url

      # More patient than the load balancer, or it sends requests into connections that are just being closed.
      REQUEST_HEAD_TIMEOUT_S = tostring(var.foundation.idle_timeout_s + 30)
      STOP_GRACE_S           = "45"

      # DocumentDB knows no retried writes below 8.0.2; the services settle what is unknown by asking.
      DATABASE_RETRY_WRITES = tostring(!var.foundation.own_documents)
    },
    var.foundation.own_documents ? { DATABASE_CA_FILE = "/data/database-ca.pem" } : {},
  )

  own = {
    user-service = {
      WORKSPACE_NAME   = var.workspace_name
      SIGN_IN_DOMAINS  = join(",", var.sign_in_domains)
      FIRST_ADMIN      = var.first_admin
      SIGNING_KEY_FILE = "/data/signing-key.pem"
      TRUSTED_PROXIES  = join(",", var.foundation.trusted_proxies)
    }
    mail-service = { MAIL_FROM = var.mail_from }
    chat-service = { JWKS_URL = "${var.foundation.user_service_url}/.well-known/jwks.json" }
  }

  secrets = {
    user-service = { CACHE_URL = local.secret["cache-url"], CODE_PEPPER = local.secret["code-pepper"] }
    mail-service = { SMTP_URL = local.secret["smtp-url"] }
    chat-service = { CACHE_URL = local.secret["cache-url"] }
  }

  database_ca = var.foundation.own_documents ? { "database-ca.pem" = local.secret["database-ca"] } : {}
  files = {
    user-service = merge(local.database_ca, { "signing-key.pem" = local.secret["signing-key"] })
    mail-service = local.database_ca
    chat-service = local.database_ca
  }
}

module "service" {
  source   = "../service"
  for_each = local.settings

  prefix             = var.foundation.name
  name               = each.key
  region             = var.foundation.region
  account_id         = var.foundation.account_id
  image              = "${var.foundation.repositories[each.key].url}@${var.images[each.key]}"
  repository_arn     = var.foundation.repositories[each.key].arn
  cpu                = local.chosen[each.key].cpu
  memory             = local.chosen[each.key].memory
  count_min          = local.chosen[each.key].min
  count_max          = local.chosen[each.key].max
  environment        = each.value
  secret_files       = local.files[each.key]
  secrets_key_arn    = var.foundation.secrets_key_arn
  logs_key_arn       = var.foundation.logs_key_arn
  log_retention_days = var.log_retention_days
  cluster_arn        = var.foundation.cluster_arn
  cluster_name       = var.foundation.cluster_name
  subnet_ids         = var.foundation.private_subnets
  security_group_id  = var.foundation.task_groups[each.key]
  ports              = var.foundation.ports
  target_group_arn   = each.key == "mail-service" ? null : var.foundation.target_groups[each.key].arn
  registry_arn       = each.key == "user-service" ? var.foundation.registry_arn : null
  deployment_alarms  = each.key == "mail-service" ? [] : var.foundation.deployment_alarms
  scaling            = local.scaling[each.key]

  # Sockets move to other nodes when theirs is replaced: a few at a time.
  deployment_maximum_percent = each.key == "chat-service" ? 150 : 200

  secrets = merge(local.secrets[each.key], {
    DATABASE_URL = local.secret["${each.key}/database-url"]
    BROKER_URL   = local.secret["broker-url"]
  })
}

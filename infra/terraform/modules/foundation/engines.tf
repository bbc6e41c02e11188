# What the services stand on. None of it can be reached from outside the network.

locals {
  own_documents = var.documents_mode == "documentdb"
  callers       = module.network.task_groups
}

module "documents" {
  source = "../documents"
  count  = local.own_documents ? 1 : 0

  name                = local.name
  instance_class      = local.chosen.documents_class
  instance_count      = local.chosen.documents_count
  storage_type        = local.chosen.documents_storage
  backup_days         = local.chosen.backup_days
  first_password      = var.documents_first_password
  deletion_protection = var.deletion_protection
  key_arn             = aws_kms_key.this["data"].arn
  logs_key_arn        = aws_kms_key.this["logs"].arn
  log_retention_days  = local.chosen.log_retention_days
  vpc_id              = module.network.vpc_id
  subnet_ids          = module.network.subnets.data
  callers             = local.callers

  depends_on = [aws_kms_key_policy.this]
}

module "cache" {
  source = "../cache"

  name       = local.name
  node_type  = local.chosen.cache_type
  node_count = local.chosen.cache_count
  key_arn    = aws_kms_key.this["data"].arn
  vpc_id     = module.network.vpc_id
  subnet_ids = module.network.subnets.data
  callers    = { for name, group in local.callers : name => group if name != "mail-service" }

  depends_on = [aws_kms_key_policy.this]
}

module "broker" {
  source = "../broker"

  name          = local.name
  instance_type = local.chosen.broker_type
  clustered     = local.chosen.broker_clustered
  key_arn       = aws_kms_key.this["data"].arn
  vpc_id        = module.network.vpc_id
  subnet_ids    = module.network.subnets.data
  callers       = local.callers

  depends_on = [aws_kms_key_policy.this]
}

module "secrets" {
  source = "../secrets"

  path          = "${var.project}/${var.environment}"
  key_arn       = aws_kms_key.this["secrets"].arn
  account_id    = var.account_id
  recovery_days = var.secrets_recovery_days

  names = merge(
    { for service in local.services : "${service}/database-url" => "DATABASE_URL of ${service}" },
    {
      cache-url   = "CACHE_URL"
      broker-url  = "BROKER_URL"
      smtp-url    = "SMTP_URL of mail-service"
      code-pepper = "CODE_PEPPER of user-service"
      signing-key = "The keys of access tokens, a PEM file: SIGNING_KEY_FILE of user-service"
      database-ca = "The certificates that the database is trusted by, a PEM file: DATABASE_CA_FILE"
    },
  )

  depends_on = [aws_kms_key_policy.this]
}

module "backup" {
  source = "../backup"
  count  = length(local.copied) > 0 ? 1 : 0

  name          = local.name
  account_id    = var.account_id
  resource_arns = local.copied
  key_arn       = aws_kms_key.this["data"].arn
}

locals {
  copied = concat([for documents in module.documents : documents.arn], [for files in module.files : files.arn])
}

# Everything that stays when the services change: the network, what is kept in it, the address, the names.

locals {
  name     = "${var.project}-${var.environment}"
  services = ["user-service", "mail-service", "chat-service"]
}

module "network" {
  source = "../network"

  name                = local.name
  region              = var.region
  account_id          = var.account_id
  zones               = var.zones
  cidr                = var.cidr
  clients_cidr        = var.clients_cidr
  documents_cidr      = local.own_documents ? var.cidr : "0.0.0.0/0"
  nat_mode            = local.chosen.nat_mode
  interface_endpoints = var.interface_endpoints
  log_retention_days  = local.chosen.log_retention_days
  logs_key_arn        = aws_kms_key.this["logs"].arn

  depends_on = [aws_kms_key_policy.this]
}

module "load_balancer" {
  source = "../load-balancer"

  name                = local.name
  domain              = var.domain
  zone_id             = var.zone_id
  certificate_arn     = var.certificate_arn
  vpc_id              = module.network.vpc_id
  subnet_ids          = module.network.subnets.public
  security_group_id   = module.network.load_balancer_group
  service_port        = module.network.ports.service
  logs_bucket         = module.access_logs.bucket
  deletion_protection = var.deletion_protection
}

module "access_logs" {
  source = "../files"

  bucket            = "${local.name}-${var.account_id}-access-logs"
  old_versions_days = 7
  expire_days       = local.chosen.log_retention_days
  statements = [{
    Sid       = "LoadBalancer"
    Effect    = "Allow"
    Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "arn:aws:s3:::${local.name}-${var.account_id}-access-logs/AWSLogs/${var.account_id}/*"
  }]
}

module "waf" {
  source = "../waf"

  name               = local.name
  load_balancer_arn  = module.load_balancer.arn
  log_retention_days = local.chosen.log_retention_days
  logs_key_arn       = aws_kms_key.this["logs"].arn

  depends_on = [aws_kms_key_policy.this]
}

module "cluster" {
  source = "../cluster"

  name               = local.name
  vpc_id             = module.network.vpc_id
  container_insights = var.container_insights
}

module "registry" {
  source = "../registry"

  prefix  = local.name
  names   = toset(local.services)
  key_arn = aws_kms_key.this["data"].arn
}

module "mail_domain" {
  source = "../mail-domain"

  name         = local.name
  region       = var.region
  account_id   = var.account_id
  domain       = split("@", var.mail.from_address)[1]
  from_address = var.mail.from_address
  zone_id      = var.mail.zone_id
  topic_arn    = aws_sns_topic.operators.arn
}

# For files that people send. No service of this version keeps any, so it is made only where it is asked for.
module "files" {
  source = "../files"
  count  = var.files_bucket ? 1 : 0

  bucket  = "${local.name}-${var.account_id}-files"
  key_arn = aws_kms_key.this["data"].arn
}

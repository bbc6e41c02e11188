# What is short-lived and shared: codes, limits, and the notes that chat-services send each other. One shard, because notes
# go to all of them anyway.

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = "${var.name}-cache"
  description          = "Short-lived state of ${var.name}"
  engine               = "valkey"
  engine_version       = var.engine_version
  node_type            = var.node_type
  port                 = 6379
  parameter_group_name = aws_elasticache_parameter_group.this.name

  num_cache_clusters         = var.node_count
  automatic_failover_enabled = var.node_count > 1
  multi_az_enabled           = var.node_count > 1

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]
  user_group_ids     = [aws_elasticache_user_group.this.user_group_id]

  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  kms_key_id                 = var.key_arn

  # For a look at what happened. Codes and limits are void after a loss, on purpose: nothing is restored from here.
  snapshot_retention_limit   = 1
  snapshot_window            = "02:00-03:00"
  maintenance_window         = "sun:03:30-sun:04:30"
  auto_minor_version_upgrade = true
}

resource "aws_elasticache_parameter_group" "this" {
  name        = "${var.name}-cache"
  family      = "valkey${split(".", var.engine_version)[0]}"
  description = "Cache of ${var.name}"

  # A limit that was pushed out would be no limit: when memory is full, asking for a code is refused instead.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

resource "aws_elasticache_subnet_group" "this" {
  name       = "${var.name}-cache"
  subnet_ids = var.subnet_ids
}

# This version of the provider takes a password only into the state. So it is one that works until the script
# `credentials` changes it, right after the first apply.
resource "aws_kms_ciphertext" "first_password" {
  key_id    = var.key_arn
  plaintext = "${var.name}-cache"
}

resource "aws_elasticache_user" "services" {
  user_id       = "${var.name}-services"
  user_name     = "loquat"
  engine        = "valkey"
  access_string = "on ~* &* +@all -@admin -flushall -flushdb -keys"

  authentication_mode {
    type      = "password"
    passwords = [sha256(aws_kms_ciphertext.first_password.ciphertext_blob)]
  }
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = "${var.name}-services"
  engine        = "valkey"
  user_ids      = [aws_elasticache_user.services.user_id]
}

resource "aws_security_group" "this" {
  name        = "${var.name}-cache"
  description = "Short-lived state"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-cache" }
}

resource "aws_vpc_security_group_ingress_rule" "callers" {
  for_each = var.callers

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

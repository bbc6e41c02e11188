# The queues between the services: RabbitMQ on Amazon MQ. The services declare their own queues, as quorum queues; of
# version 4 those are the default, too.

resource "aws_mq_broker" "this" {
  broker_name        = "${var.name}-broker"
  engine_type        = "RabbitMQ"
  engine_version     = var.engine_version
  host_instance_type = var.instance_type
  deployment_mode    = var.clustered ? "CLUSTER_MULTI_AZ" : "SINGLE_INSTANCE"

  publicly_accessible        = false
  subnet_ids                 = var.clustered ? var.subnet_ids : slice(var.subnet_ids, 0, 1)
  security_groups            = [aws_security_group.this.id]
  auto_minor_version_upgrade = true
  apply_immediately          = false

  configuration {
    id       = aws_mq_configuration.this.id
    revision = aws_mq_configuration.this.latest_revision
  }

  # Amazon MQ takes no key of one's own for RabbitMQ; what lies on its disks is encrypted with one of AWS.
  encryption_options {
    use_aws_owned_key = true
  }

  user {
    username = "loquat"
    password = sha256(aws_kms_ciphertext.first_password.ciphertext_blob)
  }

  logs {
    general = true
  }

  maintenance_window_start_time {
    day_of_week = "SUNDAY"
    time_of_day = "03:30"
    time_zone   = "UTC"
  }
}

resource "aws_mq_configuration" "this" {
  name           = "${var.name}-broker"
  description    = "Queues of ${var.name}"
  engine_type    = "RabbitMQ"
  engine_version = var.engine_version

  # A mail that is not settled after half an hour goes to another mail-service.
  data = "consumer_timeout = 1800000\n"
}

# This version of the provider takes a password only into the state. So it is one that works until the script
# `credentials` changes it, right after the first apply.
resource "aws_kms_ciphertext" "first_password" {
  key_id    = var.key_arn
  plaintext = "${var.name}-broker"
}

resource "aws_security_group" "this" {
  name        = "${var.name}-broker"
  description = "Queues between the services"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-broker" }
}

resource "aws_vpc_security_group_ingress_rule" "callers" {
  for_each = var.callers

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = 5671
  to_port                      = 5671
}

# Its management, where passwords are changed and dead letters looked at.
resource "aws_vpc_security_group_ingress_rule" "operator" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.callers["operator"]
  description                  = "Management for an operator"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

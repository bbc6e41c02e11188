# The documents: Amazon DocumentDB. The only place where something is kept that nobody can make again.

resource "aws_docdb_cluster" "this" {
  cluster_identifier = "${var.name}-documents"
  engine             = "docdb"
  engine_version     = var.engine_version
  storage_type       = var.storage_type
  port               = 27017

  # Known to the command that applies this and to nobody else, not even to the state; `credentials` changes it at once.
  master_username            = "loquat"
  master_password_wo         = var.first_password
  master_password_wo_version = 1

  db_subnet_group_name            = aws_docdb_subnet_group.this.name
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.this.name
  vpc_security_group_ids          = [aws_security_group.this.id]

  storage_encrypted               = true
  kms_key_id                      = var.key_arn
  enabled_cloudwatch_logs_exports = ["audit", "profiler"]

  # Any second of these days can be gone back to.
  backup_retention_period      = var.backup_days
  preferred_backup_window      = "02:00-03:00"
  preferred_maintenance_window = "sun:03:30-sun:04:30"

  deletion_protection         = var.deletion_protection
  skip_final_snapshot         = !var.deletion_protection
  final_snapshot_identifier   = "${var.name}-documents-final"
  allow_major_version_upgrade = false

  depends_on = [aws_cloudwatch_log_group.this]
}

resource "aws_docdb_cluster_instance" "this" {
  for_each = toset([for number in range(1, var.instance_count + 1) : tostring(number)])

  identifier                 = "${var.name}-documents-${each.key}"
  cluster_identifier         = aws_docdb_cluster.this.id
  instance_class             = var.instance_class
  auto_minor_version_upgrade = true
}

resource "aws_docdb_cluster_parameter_group" "this" {
  name        = "${var.name}-documents"
  family      = "docdb${split(".", var.engine_version)[0]}.0"
  description = "Documents of ${var.name}"

  parameter {
    name  = "tls"
    value = "enabled"
  }

  # Changes of users and collections, not what people write.
  parameter {
    name  = "audit_logs"
    value = "enabled"
  }

  parameter {
    name  = "profiler"
    value = "enabled"
  }

  parameter {
    name  = "profiler_threshold_ms"
    value = "200"
  }
}

resource "aws_docdb_subnet_group" "this" {
  name       = "${var.name}-documents"
  subnet_ids = var.subnet_ids
}

# Kept as long as the services' own; made here, because DocumentDB would make them without an end.
resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["audit", "profiler"])

  name              = "/aws/docdb/${var.name}-documents/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_key_arn
}

resource "aws_security_group" "this" {
  name        = "${var.name}-documents"
  description = "The documents"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-documents" }
}

resource "aws_vpc_security_group_ingress_rule" "callers" {
  for_each = var.callers

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = 27017
  to_port                      = 27017
}

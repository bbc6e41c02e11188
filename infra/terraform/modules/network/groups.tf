# Who may speak to whom. Only the load balancer hears the internet; between the others every way is named.

locals {
  service_port = 8080
  ops_port     = 9090

  # The three services, and the shell of an operator inside the network.
  tasks = toset(["user-service", "mail-service", "chat-service", "operator"])

  # Where tasks may call, as port and destination.
  calls = merge(
    { for task in local.tasks : "${task}-https" => { task = task, port = 443, to = "0.0.0.0/0" } },
    { for task in local.tasks : "${task}-documents" => { task = task, port = 27017, to = var.documents_cidr } },
    { for task in local.tasks : "${task}-broker" => { task = task, port = 5671, to = var.cidr } },
    { for task in setsubtract(local.tasks, ["mail-service"]) : "${task}-cache" => { task = task, port = 6379, to = var.cidr } },
    { for task in local.tasks : "${task}-ops" => { task = task, port = local.ops_port, to = var.cidr } if task == "operator" },
    {
      mail-service-smtp = { task = "mail-service", port = 587, to = "0.0.0.0/0" }
      chat-service-keys = { task = "chat-service", port = local.service_port, to = var.cidr }
    },
  )

  # Who may call a task, and where.
  callers = {
    user-service-load-balancer = { task = "user-service", port = local.service_port, from = aws_security_group.load_balancer.id }
    chat-service-load-balancer = { task = "chat-service", port = local.service_port, from = aws_security_group.load_balancer.id }
    user-service-chat-service  = { task = "user-service", port = local.service_port, from = aws_security_group.task["chat-service"].id }
    user-service-operator      = { task = "user-service", port = local.ops_port, from = aws_security_group.task["operator"].id }
    mail-service-operator      = { task = "mail-service", port = local.ops_port, from = aws_security_group.task["operator"].id }
    chat-service-operator      = { task = "chat-service", port = local.ops_port, from = aws_security_group.task["operator"].id }
  }
}

resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-load-balancer"
  description = "The one address of Loquat"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-load-balancer" }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  for_each = { for port in [80, 443] : tostring(port) => port }

  security_group_id = aws_security_group.load_balancer.id
  description       = each.value == 80 ? "Sent on to HTTPS" : "HTTPS"
  cidr_ipv4         = var.clients_cidr
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  for_each = toset(["user-service", "chat-service"])

  security_group_id            = aws_security_group.load_balancer.id
  referenced_security_group_id = aws_security_group.task[each.key].id
  description                  = "Requests to ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = local.service_port
  to_port                      = local.service_port
}

resource "aws_security_group" "task" {
  for_each = local.tasks

  name        = "${var.name}-${each.key}"
  description = "Tasks of ${each.key}"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "task" {
  for_each = local.callers

  security_group_id            = aws_security_group.task[each.value.task].id
  referenced_security_group_id = each.value.from
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "task" {
  for_each = local.calls

  security_group_id = aws_security_group.task[each.value.task].id
  description       = each.key
  cidr_ipv4         = each.value.to
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

# The one address: TLS ends here, and paths go to the service that answers them.

resource "aws_lb" "this" {
  name               = var.name
  load_balancer_type = "application"
  security_groups    = [var.security_group_id]
  subnets            = var.subnet_ids

  # Sockets are pinged every 25 s, so that even two lost pings leave them open.
  idle_timeout               = var.idle_timeout_s
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  enable_deletion_protection = var.deletion_protection

  access_logs {
    bucket  = var.logs_bucket
    enabled = true
  }
}

resource "aws_lb_target_group" "service" {
  for_each = { user-service = "round_robin", chat-service = "least_outstanding_requests" }

  name        = "${var.name}-${trimsuffix(each.key, "-service")}"
  vpc_id      = var.vpc_id
  target_type = "ip"
  port        = var.service_port
  protocol    = "HTTP"

  # A node that comes back has to catch up with the sockets of the others.
  load_balancing_algorithm_type = each.value

  # ECS tells a task to stop only after this: until then its sockets stay, and so it is short.
  deregistration_delay = 30

  # Fails only while a node drains. Taking all nodes out because a database is away would help nobody.
  health_check {
    path                = "/healthz"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.tls_policy
  certificate_arn   = local.certificate_arn

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "application/json"
      status_code  = "404"
      message_body = jsonencode({
        type = "urn:loquat:problem:not_found", title = "Nothing was found here", status = 404,
        code = "not_found", detail = "There is no such path.", request_id = "load-balancer"
      })
    }
  }
}

# A rule takes at most five values, so what user-service answers is spread over several. Everything else is chat-service's.
resource "aws_lb_listener_rule" "path" {
  for_each = { for index, rule in local.rules : tostring(10 * (index + 1)) => rule }

  listener_arn = aws_lb_listener.https.arn
  priority     = tonumber(each.key)

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.service[each.value.service].arn
  }

  condition {
    path_pattern {
      values = each.value.paths
    }
  }
}

locals {
  user_paths = concat(
    flatten([for name in ["auth", "users", "sessions", "invitations", "settings", "audit"] : ["/v1/${name}", "/v1/${name}/*"]]),
    ["/.well-known/*"],
  )

  rules = concat(
    [for paths in chunklist(local.user_paths, 5) : { service = "user-service", paths = paths }],
    [{ service = "chat-service", paths = ["/v1/*"] }],
  )
}

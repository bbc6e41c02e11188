# One service on Fargate: what runs, and how many of it.

locals {
  # Secrets that the program wants as files are written by a small container before it starts, onto the task's own
  # encrypted disk, which goes with it. `/data` is a volume of the image, so that it belongs to the user of the program.
  writer = {
    name                   = "files"
    image                  = var.image
    essential              = false
    user                   = local.user
    readonlyRootFilesystem = true
    entryPoint             = ["/bin/sh", "-c"]
    command                = [join("\n", concat(["set -eu", "umask 077"], [for file in sort(keys(var.secret_files)) : "printf '%s\\n' \"$${${local.file_variables[file]}}\" >/data/${file}"]))]
    secrets                = [for file, arn in var.secret_files : { name = local.file_variables[file], valueFrom = arn }]
    environment            = []
    mountPoints            = local.mounts
    linuxParameters        = local.linux
    logConfiguration       = local.logs
  }

  program = {
    name                   = var.name
    image                  = var.image
    essential              = true
    user                   = local.user
    readonlyRootFilesystem = true
    environment            = [for name in sort(keys(var.environment)) : { name = name, value = var.environment[name] }]
    secrets                = [for name, arn in var.secrets : { name = name, valueFrom = arn }]
    mountPoints            = local.mounts
    linuxParameters        = local.linux
    logConfiguration       = local.logs
    portMappings           = [for port in [var.ports.service, var.ports.ops] : { containerPort = port, hostPort = port, protocol = "tcp" }]
    ulimits                = [{ name = "nofile", softLimit = var.open_files, hardLimit = var.open_files }]
    stopTimeout            = var.stop_timeout_s
    dependsOn              = [for name in slice(["files"], 0, local.has_files ? 1 : 0) : { containerName = name, condition = "SUCCESS" }]
  }

  # No health check of the container: it would ask whether engines are there, and ECS would kill what waits for them.
  containers = concat(slice([jsonencode(local.writer)], 0, local.has_files ? 1 : 0), [jsonencode(local.program)])

  has_files      = length(var.secret_files) > 0
  file_variables = { for file in keys(var.secret_files) : file => upper(replace(file, "/[^A-Za-z0-9]/", "_")) }
  user           = "65532:65532"
  mounts         = [{ sourceVolume = "data", containerPath = "/data", readOnly = false }]
  linux          = { initProcessEnabled = true, capabilities = { drop = ["ALL"], add = [] } }

  # Logs never hold up a program: what CloudWatch does not take in time is dropped.
  logs = {
    logDriver = "awslogs"
    options = {
      awslogs-group         = local.log_group
      awslogs-region        = var.region
      awslogs-stream-prefix = "task"
      mode                  = "non-blocking"
      max-buffer-size       = "4m"
    }
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = "${var.prefix}-${var.name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = "[${join(",", local.containers)}]"

  runtime_platform {
    cpu_architecture        = "ARM64"
    operating_system_family = "LINUX"
  }

  volume {
    name = "data"
  }
}

resource "aws_ecs_service" "this" {
  name             = var.name
  cluster          = var.cluster_arn
  task_definition  = aws_ecs_task_definition.this.arn
  launch_type      = "FARGATE"
  platform_version = "LATEST"
  desired_count    = var.count_min

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = var.deployment_maximum_percent
  health_check_grace_period_seconds  = var.target_group_arn == null ? null : 60
  availability_zone_rebalancing      = "ENABLED"
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  enable_execute_command             = false
  wait_for_steady_state              = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  dynamic "alarms" {
    for_each = length(var.deployment_alarms) > 0 ? [var.deployment_alarms] : []

    content {
      alarm_names = alarms.value
      enable      = true
      rollback    = true
    }
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [var.security_group_id]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = var.target_group_arn == null ? [] : [var.target_group_arn]

    content {
      target_group_arn = load_balancer.value
      container_name   = var.name
      container_port   = var.ports.service
    }
  }

  dynamic "service_registries" {
    for_each = var.registry_arn == null ? [] : [var.registry_arn]

    content {
      registry_arn = service_registries.value
    }
  }

  # The number of tasks belongs to the autoscaling; a deploy does not reset it.
  lifecycle {
    ignore_changes = [desired_count]
  }
}

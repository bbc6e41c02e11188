# What is watched from outside the services. How they are inside is asked of their own figures.

locals {
  in_front = { LoadBalancer = module.load_balancer.arn_suffix }
  ecs      = { for service in local.services : service => { ClusterName = module.cluster.name, ServiceName = service } }

  alarms = merge(
    {
      server-errors = {
        description = "Answers 5xx of the services", namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count"
        dimensions  = local.in_front, statistic = "Sum", threshold = 50, minutes = 3
      }
      unanswered = {
        description = "Answers 5xx of the load balancer itself", namespace = "AWS/ApplicationELB", metric = "HTTPCode_ELB_5XX_Count"
        dimensions  = local.in_front, statistic = "Sum", threshold = 50, minutes = 3
      }
      broker-memory = {
        description = "Memory of the broker in bytes", namespace = "AWS/AmazonMQ", metric = "RabbitMQMemUsed"
        dimensions  = { Broker = module.broker.name }, statistic = "Maximum", threshold = 2000000000, minutes = 10
      }
      messages-waiting = {
        description = "Messages that wait, dead letters among them", namespace = "AWS/AmazonMQ", metric = "MessageReadyCount"
        dimensions  = { Broker = module.broker.name }, statistic = "Maximum", threshold = 500, minutes = 10
      }
      cache-memory = {
        description = "Memory of the cache in use, percent", namespace = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage"
        dimensions  = { CacheClusterId = "${local.name}-cache-001" }, statistic = "Maximum", threshold = 80, minutes = 10
      }
      cache-cpu = {
        description = "CPU of the cache, percent", namespace = "AWS/ElastiCache", metric = "EngineCPUUtilization"
        dimensions  = { CacheClusterId = "${local.name}-cache-001" }, statistic = "Average", threshold = 80, minutes = 10
      }
      mail-bounces = {
        description = "Bounced mails, as a share; AWS looks into it at 0.05", namespace = "AWS/SES", metric = "Reputation.BounceRate"
        dimensions  = {}, statistic = "Maximum", threshold = 0.04, minutes = 60
      }
      mail-complaints = {
        description = "Complaints about mails, as a share; AWS looks into it at 0.001", namespace = "AWS/SES", metric = "Reputation.ComplaintRate"
        dimensions  = {}, statistic = "Maximum", threshold = 0.0008, minutes = 60
      }
    },
    { for service in ["user-service", "chat-service"] : "no-${service}" => {
      description = "Tasks of ${service} that answer", namespace = "AWS/ApplicationELB", metric = "HealthyHostCount"
      dimensions  = merge(local.in_front, { TargetGroup = module.load_balancer.target_groups[service].arn_suffix })
      statistic   = "Minimum", threshold = 1, minutes = 2, below = true, missing = "breaching"
    } },
    { for service, dimensions in local.ecs : "cpu-of-${service}" => {
      description = "CPU of ${service}, percent", namespace = "AWS/ECS", metric = "CPUUtilization"
      dimensions  = dimensions, statistic = "Average", threshold = 85, minutes = 15
    } },
    { for service, dimensions in local.ecs : "memory-of-${service}" => {
      description = "Memory of ${service}, percent", namespace = "AWS/ECS", metric = "MemoryUtilization"
      dimensions  = dimensions, statistic = "Maximum", threshold = 85, minutes = 15
    } },
    { for name in local.own_documents ? ["documents"] : [] : "documents-cpu" => {
      description = "CPU of the documents, percent", namespace = "AWS/DocDB", metric = "CPUUtilization"
      dimensions  = { DBClusterIdentifier = "${local.name}-${name}" }, statistic = "Average", threshold = 80, minutes = 10
    } },
    { for name in local.own_documents ? ["documents"] : [] : "documents-memory" => {
      description = "Memory that the documents have left, bytes", namespace = "AWS/DocDB", metric = "FreeableMemory"
      dimensions  = { DBClusterIdentifier = "${local.name}-${name}" }, statistic = "Minimum", threshold = 300000000, minutes = 10, below = true
    } },
  )
}

module "observability" {
  source = "../observability"

  name        = local.name
  environment = var.environment
  region      = var.region
  topic_arn   = aws_sns_topic.operators.arn
  emails      = var.alarm_emails
  budget_usd  = var.budget_usd
  alarms      = local.alarms
}

resource "aws_sns_topic" "operators" {
  name              = "${local.name}-operators"
  kms_master_key_id = aws_kms_key.this["data"].id
}

resource "aws_sns_topic_policy" "operators" {
  arn = aws_sns_topic.operators.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["cloudwatch.amazonaws.com", "ses.amazonaws.com"] }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.operators.arn
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_sns_topic_subscription" "operators" {
  for_each = var.alarm_emails

  topic_arn = aws_sns_topic.operators.arn
  protocol  = "email"
  endpoint  = each.key
}

# What AWS would answer, where something checks its form.

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555" }
}

mock_resource "aws_kms_alias" {
  defaults = { arn = "arn:aws:kms:us-east-1:123456789012:alias/loquat-terraform" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/loquat" }
}

mock_resource "aws_iam_openid_connect_provider" {
  defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
}

mock_resource "aws_lb" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/loquat/0123456789abcdef"
    arn_suffix = "app/loquat/0123456789abcdef"
  }
}

mock_resource "aws_lb_target_group" {
  defaults = {
    arn        = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/loquat/0123456789abcdef"
    arn_suffix = "targetgroup/loquat/0123456789abcdef"
  }
}

mock_resource "aws_lb_listener" {
  defaults = { arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/loquat/0123456789abcdef/fedcba9876543210" }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
    domain_validation_options = [
      { domain_name = "chat.example.org", resource_record_name = "_1.chat.example.org", resource_record_type = "CNAME", resource_record_value = "_2.acm-validations.aws" },
    ]
  }
}

mock_resource "aws_acm_certificate_validation" {
  defaults = { certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555" }
}

mock_resource "aws_sesv2_email_identity" {
  defaults = { dkim_signing_attributes = { tokens = ["one", "two", "three"] } }
}

mock_resource "aws_wafv2_web_acl" {
  defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/loquat/11111111-2222-3333-4444-555555555555" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:loquat" }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:us-east-1:123456789012:loquat" }
}

mock_resource "aws_secretsmanager_secret" {
  defaults = { arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:loquat-AbCdEf" }
}

mock_resource "aws_ecr_repository" {
  defaults = {
    arn            = "arn:aws:ecr:us-east-1:123456789012:repository/loquat"
    repository_url = "123456789012.dkr.ecr.us-east-1.amazonaws.com/loquat"
  }
}

mock_resource "aws_mq_broker" {
  defaults = {
    instances = [{ console_url = "https://b-1.mq.us-east-1.amazonaws.com", endpoints = ["amqps://b-1.mq.us-east-1.amazonaws.com:5671"], ip_address = "10.0.0.1" }]
  }
}

mock_resource "aws_docdb_cluster" {
  defaults = { arn = "arn:aws:rds:us-east-1:123456789012:cluster:loquat" }
}

mock_resource "aws_service_discovery_service" {
  defaults = { arn = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-abcdefghijklmnop" }
}

mock_resource "aws_ecs_cluster" {
  defaults = { arn = "arn:aws:ecs:us-east-1:123456789012:cluster/loquat" }
}

mock_resource "aws_ecs_task_definition" {
  defaults = { arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/loquat:1" }
}

mock_resource "aws_backup_vault" {
  defaults = { arn = "arn:aws:backup:us-east-1:123456789012:backup-vault:loquat" }
}

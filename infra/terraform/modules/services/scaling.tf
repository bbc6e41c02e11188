# What decides how many tasks run, beside their CPU.

locals {
  in_front = { LoadBalancer = var.foundation.load_balancer }
  of_chat  = merge(local.in_front, { TargetGroup = var.foundation.target_groups["chat-service"].arn_suffix })
  broker   = { Broker = var.foundation.broker_name }

  scaling = {
    user-service = {}

    # The load balancer counts each socket twice, on its way in and on its way out.
    chat-service = {
      connections = {
        target     = floor(local.chosen["chat-service"].connections * 0.6)
        expression = "connections / 2 / tasks"
        metrics = {
          connections = { namespace = "AWS/ApplicationELB", name = "ActiveConnectionCount", stat = "Sum", dimensions = local.in_front }
          tasks       = { namespace = "AWS/ApplicationELB", name = "HealthyHostCount", stat = "Average", dimensions = local.of_chat }
        }
      }
    }

    # Dead letters wait, too, but nobody works on them: they count only while somebody is busy.
    mail-service = {
      waiting = {
        target     = 50
        expression = "IF(busy > 0 AND consumers > 0, waiting / consumers, 0)"
        metrics = {
          waiting   = { namespace = "AWS/AmazonMQ", name = "MessageReadyCount", stat = "Average", dimensions = local.broker }
          busy      = { namespace = "AWS/AmazonMQ", name = "MessageUnacknowledgedCount", stat = "Average", dimensions = local.broker }
          consumers = { namespace = "AWS/AmazonMQ", name = "ConsumerCount", stat = "Average", dimensions = local.broker }
        }
      }
    }
  }
}

# What no single value shows: whether they fit together.

resource "terraform_data" "fits" {
  lifecycle {
    precondition {
      condition     = var.environment != "production" || !local.own_documents || local.chosen.documents_count >= 2
      error_message = "documents_count is ${local.chosen.documents_count} in production: use at least 2, so that one takes over; choose size medium, or set overrides.documents_count."
    }

    precondition {
      condition     = var.environment != "production" || local.chosen.cache_count >= 2
      error_message = "cache_count is ${local.chosen.cache_count} in production: use at least 2, so that one takes over; choose size medium, or set overrides.cache_count."
    }

    precondition {
      condition     = var.environment != "production" || local.chosen.broker_clustered
      error_message = "broker_clustered is false in production: a quorum needs three nodes; choose size medium, or set overrides.broker_clustered and a broker_type of mq.m7g.large or more."
    }

    precondition {
      condition     = !local.chosen.broker_clustered || length(var.zones) >= 3
      error_message = "zones is ${jsonencode(var.zones)} with a clustered broker, which has three nodes: name at least three zones."
    }
  }
}

# Three sizes, as those of the foundation. `overrides` changes any service of the chosen one.

locals {
  sizes = {
    small = {
      user-service = { cpu = 256, memory = 512, min = 2, max = 4, connections = 2000 }
      mail-service = { cpu = 256, memory = 512, min = 1, max = 2, connections = 100 }
      chat-service = { cpu = 512, memory = 1024, min = 2, max = 4, connections = 5000 }
    }
    medium = {
      user-service = { cpu = 512, memory = 1024, min = 3, max = 6, connections = 4000 }
      mail-service = { cpu = 256, memory = 512, min = 2, max = 4, connections = 100 }
      chat-service = { cpu = 1024, memory = 2048, min = 4, max = 8, connections = 10000 }
    }
    large = {
      user-service = { cpu = 1024, memory = 2048, min = 10, max = 20, connections = 8000 }
      mail-service = { cpu = 512, memory = 1024, min = 4, max = 8, connections = 100 }
      chat-service = { cpu = 2048, memory = 4096, min = 20, max = 40, connections = 20000 }
    }
  }

  chosen = { for name, size in local.sizes[var.size] : name => merge(size, { for key, value in try(var.overrides[name], {}) : key => value if value != null }) }
}

resource "terraform_data" "fits" {
  lifecycle {
    precondition {
      condition     = !var.foundation.production || alltrue([for name in ["user-service", "chat-service"] : local.chosen[name].min >= 2])
      error_message = "min is ${local.chosen["user-service"].min} for user-service and ${local.chosen["chat-service"].min} for chat-service in production: use at least 2, so that a deploy and the loss of a zone leave one."
    }
  }
}

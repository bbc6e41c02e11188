# Three sizes, and what they stand for. `overrides` changes any line of the chosen one.

locals {
  sizes = {
    # Up to about 2,000 people at once; one of everything, so a fault of a zone is an outage.
    small = {
      nat_mode           = "single"
      documents_class    = "db.t4g.medium"
      documents_count    = 1
      documents_storage  = "standard"
      cache_type         = "cache.t4g.micro"
      cache_count        = 1
      broker_type        = "mq.m7g.medium"
      broker_clustered   = false
      log_retention_days = 14
      backup_days        = 7
    }
    # Up to about 20,000 people at once; survives the loss of a zone.
    medium = {
      nat_mode           = "per_az"
      documents_class    = "db.r6g.large"
      documents_count    = 3
      documents_storage  = "standard"
      cache_type         = "cache.r7g.large"
      cache_count        = 2
      broker_type        = "mq.m7g.large"
      broker_clustered   = true
      log_retention_days = 30
      backup_days        = 14
    }
    # Up to about 200,000 people at once.
    large = {
      nat_mode           = "per_az"
      documents_class    = "db.r6g.4xlarge"
      documents_count    = 3
      documents_storage  = "iopt1"
      cache_type         = "cache.r7g.xlarge"
      cache_count        = 3
      broker_type        = "mq.m7g.2xlarge"
      broker_clustered   = true
      log_retention_days = 90
      backup_days        = 35
    }
  }

  chosen = merge(local.sizes[var.size], { for name, value in var.overrides : name => value if value != null })
}

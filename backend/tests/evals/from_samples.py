def sample_workflows(): return []

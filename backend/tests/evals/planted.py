def planted_workflows(): return []

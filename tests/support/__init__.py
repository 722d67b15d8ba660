"""What several test files share: small real servers, and the recorded web where there is one."""

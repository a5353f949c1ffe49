"""CRM, phone, people, quota and cost files: read without a database, then matched and published into one."""

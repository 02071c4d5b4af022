//! The free memory of the machine.

use sysinfo::{CGroupLimits, System};

/// The memory that is free for this process. Containers can have less than the machine.
pub(super) fn available() -> Option<u64> {
    let mut system = System::new();
    system.refresh_memory();
    let machine = system.available_memory();
    // The container's own figure counts the disk cache as used, although the system frees it on demand.
    let free = |limits: CGroupLimits| limits.total_memory.saturating_sub(limits.rss);
    let container = system.cgroup_limits().map_or(u64::MAX, free);
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let limit = limit_in(&limits).unwrap_or(u64::MAX);
    Some(machine.min(container).min(limit)).filter(|&bytes| bytes > 0)
}

/// The maximum address space of this process in bytes, from the kernel's list of limits; `None` if it is unlimited.
fn limit_in(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_the_shell_is_found() {
        let limits =
            |soft: &str| format!("Limit  Soft  Hard  Units\nMax address space  {soft}  unlimited  bytes\n");
        assert_eq!(limit_in(&limits("4096000000")), Some(4_096_000_000));
        assert_eq!((limit_in(&limits("unlimited")), limit_in("")), (None, None));
    }
}

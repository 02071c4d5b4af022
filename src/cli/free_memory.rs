//! The free memory of the machine.

use std::fs::read_to_string;

use sysinfo::{CGroupLimits, System};

/// The memory that is free for this process. Containers can have less than the machine, and shells can set limits.
pub(super) fn available() -> Option<u64> {
    let mut system = System::new();
    system.refresh_memory();
    let machine = system.available_memory();
    // The container's own figure counts the disk cache as used, although the system frees it on demand.
    let free = |limits: CGroupLimits| limits.total_memory.saturating_sub(limits.rss);
    let container = system.cgroup_limits().map_or(u64::MAX, free);
    let known = machine.min(container);
    (known > 0).then(|| known.min(left_in(&limits(), &status()).unwrap_or(u64::MAX)))
}

/// Whether the shell has set a limit to the memory of this process.
pub(super) fn is_limited() -> bool {
    left_in(&limits(), &status()).is_some()
}

fn limits() -> String {
    read_to_string("/proc/self/limits").unwrap_or_default()
}

fn status() -> String {
    read_to_string("/proc/self/status").unwrap_or_default()
}

/// The bytes that the limits of the shell leave this process, from the kernel's lists of its limits and of its state;
/// `None` without limits.
fn left_in(limits: &str, status: &str) -> Option<u64> {
    /// Threads that are started later, for the display and for Ctrl-C. The allocator of glibc takes as much address space
    /// for each as a whole.
    const ARENAS: u64 = 2 * (64 << 20);
    let limit = |name: &str| -> Option<u64> {
        let line = limits.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    let used = |name: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    };
    let addresses = limit("Max address space")
        .map(|bytes| bytes.saturating_sub(1024 * used("VmSize:")).saturating_sub(ARENAS));
    let data = limit("Max data size").map(|bytes| bytes.saturating_sub(1024 * used("VmData:")));
    addresses.into_iter().chain(data).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_the_shell_are_found() {
        let limits = |addresses: &str, data: &str| {
            format!(
                "Limit  Soft  Hard  Units\nMax data size   {data}  unlimited  bytes\n\
                 Max address space  {addresses}  unlimited  bytes\n"
            )
        };
        let status = "Name:\tmingle\nVmSize:\t  500000 kB\nVmData:\t 1000 kB\n";
        let left = |addresses, data| left_in(&limits(addresses, data), status);
        assert_eq!(left("unlimited", "unlimited"), None);
        assert_eq!(left("4096000000", "unlimited"), Some(4_096_000_000 - 512_000_000 - 2 * (64 << 20)));
        assert_eq!(left("unlimited", "2048000"), Some(1_024_000));
        assert_eq!(left("100000000", "2048000"), Some(0));
        assert_eq!((left_in("", ""), left_in(&limits("x", "1024"), "")), (None, Some(1024)));
    }
}

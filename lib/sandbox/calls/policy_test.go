package calls

import "testing"

// The bound is the project's own: more calls than this are more than a filter
// that reads and writes can need.
const mostPure = 22

func TestBounds(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		for _, p := range All(arch) {
			calls := map[string]bool{}
			for _, c := range p.Calls {
				calls[c.Name] = true
				if c.Why == "" {
					t.Errorf("%s: %s has no reason", p.Name, c.Name)
				}
				seen := map[uint]bool{}
				for _, cond := range c.When {
					if cond.Arg > 5 || seen[cond.Arg] {
						t.Errorf("%s: %s: argument %d", p.Name, c.Name, cond.Arg)
					}
					seen[cond.Arg] = true
					if cond.Op == Masked && cond.Value&^cond.Mask != 0 {
						t.Errorf("%s: %s: argument %d can never be %#x", p.Name, c.Name, cond.Arg, cond.Value)
					}
				}
			}
			if p.Name == "pure" && len(calls) > mostPure {
				t.Errorf("%d calls", len(calls))
			}
			if p.Tolerant {
				boundsOfTolerant(t, p, calls)
				t.Logf("%s for %s: %d calls", p.Name, arch, len(calls))
				continue
			}
			if len(p.Never)+len(p.Refused) > 0 {
				t.Errorf("%s lists what is not allowed", p.Name)
			}
			for _, never := range []string{"execve", "execveat", "socket", "connect", "ioctl", "prctl", "mprotect", "ptrace", "fork",
				"mount", "unshare", "seccomp", "bpf", "io_uring_setup", "open", "dup", "dup2", "dup3", "rt_sigaction", "setuid"} {
				if calls[never] {
					t.Errorf("%s allows %s", p.Name, never)
				}
			}
			t.Logf("%s for %s: %d calls", p.Name, arch, len(calls))
		}
	}
}

// boundsOfTolerant: what could be listed by mistake is not, and what somebody who took
// a program over would look for ends it.
func boundsOfTolerant(t *testing.T, p Policy, calls map[string]bool) {
	for _, never := range []string{"connect", "accept4", "listen", "mknod", "mknodat", "fchmodat", "fchownat", "linkat", "setxattr", "utimensat",
		"seccomp", "memfd_create", "shmget", "mq_open", "msgget", "semget", "setpriority", "sched_setscheduler", "setuid", "setresuid", "capset",
		"setsid", "setpgid", "personality", "execveat", "inotify_init1", "tkill", "rt_sigqueueinfo", "mlockall", "clone3"} {
		if calls[never] {
			t.Errorf("%s allows %s", p.Name, never)
		}
	}
	ends := map[string]bool{}
	for _, c := range p.Never {
		ends[c.Name] = true
		if calls[c.Name] && len(c.When) == 0 {
			t.Errorf("%s is allowed by %s, and ends it", c.Name, p.Name)
		}
	}
	for _, must := range []string{"ptrace", "process_vm_writev", "mount", "pivot_root", "unshare", "setns", "bpf", "io_uring_setup", "userfaultfd",
		"perf_event_open", "init_module", "kexec_load", "reboot", "open_by_handle_at", "clone", "ioctl", "mknodat"} {
		if !ends[must] {
			t.Errorf("%s does not end at %s", p.Name, must)
		}
	}
	for _, conditional := range []string{"clone", "ioctl", "fcntl", "prctl", "prlimit64", "socketpair", "tgkill", "socket"} {
		for _, c := range p.Calls {
			if c.Name == conditional && len(c.When) == 0 {
				t.Errorf("%s allows any %s", p.Name, conditional)
			}
		}
	}
}

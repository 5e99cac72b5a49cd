package policy

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
			if p.Deny { // the list says what is forbidden
				for _, never := range []string{"ptrace", "process_vm_writev", "mount", "pivot_root", "unshare", "setns", "bpf", "io_uring_setup",
					"userfaultfd", "perf_event_open", "init_module", "kexec_load", "reboot", "open_by_handle_at", "clone"} {
					if !calls[never] {
						t.Errorf("%s allows %s", p.Name, never)
					}
				}
				t.Logf("%s for %s: %d calls are forbidden", p.Name, arch, len(calls))
				continue
			}
			for _, never := range []string{"execve", "execveat", "socket", "connect", "ioctl", "prctl", "mprotect", "ptrace", "fork",
				"mount", "unshare", "seccomp", "bpf", "io_uring_setup", "open", "dup", "dup2", "dup3", "rt_sigaction", "setuid"} {
				if calls[never] && !p.Deny {
					t.Errorf("%s allows %s", p.Name, never)
				}
			}
			for _, always := range []string{"ptrace", "process_vm_readv", "mount", "unshare", "setns", "bpf", "io_uring_setup", "init_module", "reboot"} {
				if p.Deny && !calls[always] {
					t.Errorf("%s does not forbid %s", p.Name, always)
				}
			}
			t.Logf("%s for %s: %d calls", p.Name, arch, len(calls))
		}
	}
}

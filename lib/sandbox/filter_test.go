package sandbox

import (
	"embed"
	"encoding/binary"
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
)

//go:embed bpf
var compiled embed.FS

const (
	archAMD64 = 0xc000003e // <linux/audit.h>
	archARM64 = 0xc00000b7
	arch386   = 0x40000003
)

// evaluate runs a program as the kernel would: net/core/filter.c, as far as
// libseccomp uses it.
func evaluate(program []unix.SockFilter, arch, nr uint32, args ...uint64) (uint32, error) {
	var data [64]byte // struct seccomp_data
	binary.LittleEndian.PutUint32(data[0:], nr)
	binary.LittleEndian.PutUint32(data[4:], arch)
	for i, a := range args {
		binary.LittleEndian.PutUint64(data[16+8*i:], a)
	}
	var a uint32
	for pc := 0; pc < len(program); pc++ {
		in := program[pc]
		jump := func(yes bool) {
			if yes {
				pc += int(in.Jt)
			} else {
				pc += int(in.Jf)
			}
		}
		switch in.Code {
		case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
			a = binary.LittleEndian.Uint32(data[in.K:])
		case unix.BPF_ALU | unix.BPF_AND | unix.BPF_K:
			a &= in.K
		case unix.BPF_JMP | unix.BPF_JA:
			pc += int(in.K)
		case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
			jump(a == in.K)
		case unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K:
			jump(a > in.K)
		case unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K:
			jump(a >= in.K)
		case unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K:
			jump(a&in.K != 0)
		case unix.BPF_RET | unix.BPF_K:
			return in.K, nil
		default:
			return 0, fmt.Errorf("instruction %d: code %#x", pc, in.Code)
		}
	}
	return 0, fmt.Errorf("no return")
}

// The numbers of the calls on the two architectures, for the tests.
var numbers = map[string]map[string]uint32{
	"amd64": {
		"read": 0, "write": 1, "open": 2, "close": 3, "fstat": 5, "mmap": 9, "mprotect": 10, "munmap": 11, "rt_sigaction": 13,
		"ioctl": 16, "madvise": 28, "nanosleep": 35, "getpid": 39, "socket": 41, "clone": 56, "execve": 59, "exit_group": 231,
		"kill": 62, "wait4": 61, "fcntl": 72, "fchmod": 91, "fchown": 93, "prctl": 157, "futex": 202, "clock_gettime": 228,
		"tgkill": 234, "openat": 257, "unlinkat": 263, "epoll_pwait": 281, "renameat2": 316, "seccomp": 317, "execveat": 322,
		"clone3": 435, "openat2": 437, "fsync": 74, "flock": 73, "sendmsg": 46, "recvmsg": 47, "ptrace": 101, "mount": 165, "unshare": 272,
	},
	"arm64": {
		"read": 63, "write": 64, "close": 57, "fstat": 80, "mmap": 222, "mprotect": 226, "munmap": 215, "rt_sigaction": 134,
		"ioctl": 29, "madvise": 233, "nanosleep": 101, "getpid": 172, "socket": 198, "clone": 220, "execve": 221, "exit_group": 94,
		"kill": 129, "wait4": 260, "fcntl": 25, "fchmod": 52, "fchown": 55, "prctl": 167, "futex": 98, "clock_gettime": 113,
		"tgkill": 131, "openat": 56, "unlinkat": 35, "epoll_pwait": 22, "renameat2": 276, "seccomp": 277, "execveat": 281,
		"clone3": 435, "openat2": 437, "fsync": 82, "flock": 32, "sendmsg": 211, "recvmsg": 212, "ptrace": 117, "mount": 40, "unshare": 97,
	},
}

// A question to a compiled policy. The last one that fits "policies" decides.
type question struct {
	policies string // p pure, r read, f follow, o open, w write, t wait
	call     string
	args     []uint64
}

// What each policy must allow, and some of what none may.
func questions(arch string) (allowed, refused []question) {
	const all, minus1, high = "prfowt", 1<<64 - 1, 1 << 32
	thread, nofollow := uint64(0xd0f00), uint64(0o400000)
	if arch == "arm64" {
		thread, nofollow = 0x50f00, 0o100000
	}
	const noctty = 0o400
	const anon, noFD = unix.MAP_ANONYMOUS | unix.MAP_PRIVATE, 1<<32 - 1
	q := func(policies, call string, args ...uint64) question { return question{policies, call, args} }
	allowed = []question{
		q("prfw", "read", 0, 0x1000, 65536), q("rfow", "read", 5), q("rfow", "read", 6), q("rfw", "read", 15), q("rf", "read", 1028), q("rf", "read", 2047), q(all, "read", 4, 0x1000, 8),
		q(all, "write", 1), q(all, "write", 2), q(all, "write", 4, 0x1000, 8), q("w", "write", 5), q("w", "write", 7), q("w", "write", 15),
		q(all, "mmap", 0, 1<<26, 0, anon, noFD, 0), q(all, "mmap", 0, 1<<26, 3, anon|unix.MAP_FIXED, minus1, 0),
		q(all, "munmap", 1, 2), q(all, "madvise", 1, 2, 4), q(all, "madvise", 1, 2, 25), q(all, "clone", thread, 1, 2, 3, 4),
		q(all, "futex", 1, 128), q(all, "futex", 1, 129), q(all, "nanosleep", 1, 0), q(all, "clock_gettime", 1),
		q(all, "tgkill", 1, 2, 23), q(all, "epoll_pwait", 3, 1, 128, 5, 0), q(all, "getpid"), q(all, "exit_group", 2),
		q("w", "openat", 16, 1, nofollow|0o2000000, 0), q("ow", "openat", 16, 1, nofollow|noctty|0o2000000, 0), q("w", "openat", 31, 1, nofollow|0o301, 0o600), q("fow", "fstat", 7), q("f", "fstat", 2047), q("fwt", "wait4", minus1, 1, unix.WNOHANG, 0), q("fwt", "wait4", noFD, 1, high|unix.WNOHANG, 0),
		q("fow", "close", 5), q("w", "fchmod", 5, 0o644), q("w", "fchown", 5, 0, 0), q("w", "fsync", 16), q("w", "flock", 16, 6),
		q("w", "renameat2", 16, 1, 16, 2, 0), q("w", "renameat2", 17, 1, 16, 2, 1), q("w", "unlinkat", 16, 1, 0),
		q("f", "recvmsg", 5, 0x1000, unix.MSG_CMSG_CLOEXEC), q("fow", "close", 7), q("f", "close", 2047),
		q("o", "sendmsg", 5, 0x1000, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT), q("ow", "openat", 16, 1, nofollow|0o2004400, 0), q("w", "openat", 31, 1, nofollow, 0),
		q("t", "wait4", 99, 1, 0, 0), q("t", "kill", 99, 15), q("t", "kill", 99, 64),
	}
	refused = []question{
		q("fo", "write", 5), q("fo", "sendmsg", 5), q("fo", "sendmsg", 6, 0x1000, unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT), q("f", "recvmsg", 5), q("o", "recvmsg", 5, 0x1000, unix.MSG_CMSG_CLOEXEC),
		q("f", "recvmsg", 6, 0x1000, unix.MSG_CMSG_CLOEXEC), q("f", "recvmsg", high|5, 0x1000, unix.MSG_CMSG_CLOEXEC), q("f", "openat", 16, 1, nofollow, 0), q("f", "close", 2), q("f", "close", 16|high),
		q("o", "read", 0), q("o", "read", 7), q("o", "openat", 16, 1, nofollow|noctty|1, 0), q("o", "openat", 16, 1, nofollow|noctty|2, 0), q("o", "openat", 16, 1, nofollow|noctty|0o100, 0o600), q("o", "openat", 16, 1, nofollow, 0),
		q("o", "openat", 16, 1, noctty, 0), q("o", "openat", 5, 1, nofollow|noctty, 0), q("o", "openat", 32, 1, nofollow|noctty, 0), q("o", "openat", minus1-99, 1, nofollow|noctty, 0), q("o", "close", 16), q("o", "unlinkat", 16, 1, 0),
		q("t", "read", 0), q("p", "read", 5), q(all, "read", 1), q(all, "read", 3), q(all, "read", 4, 0x1000, 9),
		q(all, "read", high), q(all, "read", high|1), q(all, "read", high|5), q("r", "read", 2048), q("w", "read", 16),
		q("w", "fchmod", high|1, 0o644), q("w", "close", high|1), q("w", "close", 16), q("w", "fsync", 32), q("w", "fstat", 2), q("pr", "write", 5), q(all, "write", 0), q(all, "write", 3), q(all, "write", 16), q(all, "write", 4, 0x1000, 7),
		q(all, "write", high|1), q("w", "write", 32), q("w", "write", minus1),
		q(all, "mmap", 0, 1, 7, anon, noFD, 0), q(all, "mmap", 0, 1, 5, anon, noFD, 0), q(all, "mmap", 0, 1, 4, anon, noFD, 0),
		q(all, "mmap", 0, 1, 3, unix.MAP_PRIVATE, 5, 0), q(all, "mmap", 0, 1, 3, unix.MAP_SHARED|unix.MAP_ANONYMOUS, noFD, 0),
		q(all, "mmap", 0, 1, 3, anon, noFD, 4096), q(all, "mprotect", 1, 2, 5), q(all, "mprotect", 1, 2, 3), q(all, "madvise", 1, 2, 10),
		q(all, "clone", 17), q(all, "clone", 0), q(all, "clone", thread|unix.CLONE_NEWUSER), q(all, "clone", thread|high),
		q(all, "clone", thread&^unix.CLONE_THREAD), q(all, "clone3", 1, 88), q(all, "execve", 1, 1, 1), q(all, "execveat", 5, 1, 1, 1, 0x1000),
		q(all, "socket", 2, 1, 0), q(all, "ioctl", 0, unix.TIOCSTI), q(all, "prctl", 38, 1), q(all, "seccomp", 1), q(all, "openat2", 16),
		q(all, "rt_sigaction", 15), q(all, "futex", 1, 0), q(all, "futex", 1, 128|4), q(all, "tgkill", 1, 2, 9), q(all, "clock_gettime", 2),
		q(all, "epoll_pwait", 3, 1, 128, 5, 1), q(all, "epoll_pwait", 5, 1, 128, 5, 0), q(all, "nanosleep", 1, 1),
		q("prt", "openat", 16, 1, nofollow, 0), q("w", "openat", 0xffffff9c, 1, nofollow, 0), q("w", "openat", minus1-99, 1, nofollow, 0),
		q("w", "openat", 5, 1, nofollow, 0), q("w", "openat", 15, 1, nofollow, 0), q("w", "openat", 32, 1, nofollow, 0),
		q("w", "openat", 16, 1, 0, 0), q("w", "openat", 16, 1, nofollow|0o1000, 0), q("w", "openat", 16, 1, nofollow|0o20000000, 0),
		q("w", "openat", 16, 1, nofollow|0o10000000, 0), q("w", "openat", 16, 1, nofollow|0o100, 0o4755), q("w", "openat", high|16, 1, nofollow, 0),
		q("w", "renameat2", 16, 1, 0xffffff9c, 2, 0), q("w", "renameat2", 16, 1, 16, 2, 2), q("w", "unlinkat", 16, 1, 0x200),
		q("w", "fchmod", 5, 0o4755), q("w", "fchmod", 1, 0o644), q("w", "close", 1), q("w", "fcntl", 5, 4), q("w", "fsync", 1),
		q("prt", "fstat", 5), q("pr", "close", 5), q("prw", "kill", 1, 9), q("prfow", "wait4", 1, 1, unix.WNOHANG, 0), q("prfow", "wait4", minus1, 1, 0, 0), q("prfow", "wait4", minus1, 1, unix.WNOHANG, 1), q("t", "kill", 1, 65),
	}
	return allowed, refused
}

func TestCompiledPolicies(t *testing.T) {
	names := map[string]string{"p": "pure", "r": "read", "f": "follow", "o": "open", "w": "write", "t": "wait"}
	for arch, id := range map[string]uint32{"amd64": archAMD64, "arm64": archARM64} {
		allowed, refused := questions(arch)
		for short, name := range names {
			b, err := compiled.ReadFile("bpf/" + name + "_" + arch + ".bpf")
			if err != nil {
				t.Fatal(err)
			}
			program := instructions(b)
			ask := func(q question, want uint32) {
				nr, ok := numbers[arch][q.call]
				if !ok {
					t.Fatalf("%s: no number for %s", arch, q.call)
				}
				got, err := evaluate(program, id, nr, q.args...)
				if err != nil || got != want {
					t.Errorf("%s for %s: %s%#x gives %#x, %v; want %#x", name, arch, q.call, q.args, got, err, want)
				}
			}
			for _, q := range allowed {
				want := uint32(unix.SECCOMP_RET_KILL_PROCESS)
				for _, c := range q.policies {
					if string(c) == short {
						want = unix.SECCOMP_RET_ALLOW
					}
				}
				if want == unix.SECCOMP_RET_KILL_PROCESS && permittedOtherwise(allowed, q, short) {
					continue
				}
				ask(q, want)
			}
			for _, q := range refused {
				for _, c := range q.policies {
					if string(c) == short {
						ask(q, unix.SECCOMP_RET_KILL_PROCESS)
					}
				}
			}
		}
	}
}

// The policies of what runs the system's programs refuse what is not listed, and end
// what no program of the system does.
func TestCompiledRun(t *testing.T) {
	const kill, allow = unix.SECCOMP_RET_KILL_PROCESS, unix.SECCOMP_RET_ALLOW
	const noSys, noFamily = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS), unix.SECCOMP_RET_ERRNO | uint32(unix.EAFNOSUPPORT)
	const high = 1 << 32
	for _, q := range []struct {
		call         string
		run, network uint32
		args         []uint64
	}{
		{"execve", allow, allow, nil}, {"openat", allow, allow, nil}, {"clone", allow, allow, []uint64{17}}, {"mprotect", allow, allow, []uint64{0, 1, 5}},
		{"clone", kill, kill, []uint64{17 | unix.CLONE_NEWUSER}}, {"clone", kill, kill, []uint64{high | 17 | unix.CLONE_NEWNS}},
		{"clone3", noSys, noSys, nil}, {"execveat", noSys, noSys, nil}, {"seccomp", noSys, noSys, nil}, {"fchown", noSys, noSys, nil},
		{"ptrace", kill, kill, nil}, {"mount", kill, kill, nil}, {"unshare", kill, kill, nil},
		{"ioctl", allow, allow, []uint64{1, unix.TCGETS}}, {"ioctl", noSys, noSys, []uint64{1, unix.TIOCNOTTY}},
		{"ioctl", kill, kill, []uint64{2, unix.TIOCSTI}}, {"ioctl", kill, kill, []uint64{2, high | unix.TIOCSTI}},
		{"ioctl", kill, kill, []uint64{high, unix.TIOCLINUX}}, {"ioctl", kill, kill, []uint64{0, high<<1 | unix.TIOCSETD}},
		{"socket", noFamily, noFamily, []uint64{unix.AF_UNIX, 1, 0}}, {"socket", noFamily, noFamily, []uint64{high | unix.AF_UNIX, 1, 0}},
		{"socket", noFamily, noFamily, []uint64{unix.AF_VSOCK, 1, 0}}, {"socket", noFamily, noFamily, []uint64{unix.AF_ALG, 5, 0}},
		{"socket", noFamily, allow, []uint64{unix.AF_NETLINK, 3 | unix.SOCK_CLOEXEC, unix.NETLINK_NETFILTER}},
		{"socket", noFamily, allow, []uint64{unix.AF_INET, 3, unix.IPPROTO_RAW}},
		{"socket", noFamily, noSys, []uint64{unix.AF_NETLINK, 3, unix.NETLINK_AUDIT}},
		{"socket", noFamily, noSys, []uint64{unix.AF_INET, 1, 0}}, {"socket", noFamily, noSys, []uint64{unix.AF_INET, 2, 0}},
		{"futex", allow, allow, []uint64{0, 128 | 9}}, {"futex", noSys, noSys, []uint64{0, 128 | 6}}, {"prctl", noSys, noSys, []uint64{unix.PR_SET_DUMPABLE, 1}},
		{"fcntl", noSys, noSys, []uint64{0, unix.F_SETOWN}}, {"tgkill", noSys, noSys, []uint64{1, 1, 9}},
	} {
		for _, arch := range []string{"amd64", "arm64"} {
			id := map[string]uint32{"amd64": archAMD64, "arm64": archARM64}[arch]
			for name, want := range map[string]uint32{"run": q.run, "run-network": q.network} {
				b, err := compiled.ReadFile("bpf/" + name + "_" + arch + ".bpf")
				if err != nil {
					t.Fatal(err)
				}
				if got, err := evaluate(instructions(b), id, numbers[arch][q.call], q.args...); err != nil || got != want {
					t.Errorf("%s for %s: %s%#x gives %#x, %v; want %#x", name, arch, q.call, q.args, got, err, want)
				}
				for nr := uint32(447); nr < 600; nr++ { // from memfd_secret(2) on none is needed
					if got, _ := evaluate(instructions(b), id, nr); got != noSys && got != kill {
						t.Errorf("%s for %s: call %d gives %#x", name, arch, nr, got)
					}
				}
				if got, _ := evaluate(instructions(b), arch386, numbers[arch]["getpid"]); got != kill {
					t.Errorf("%s for %s: a call of a foreign architecture gives %#x", name, arch, got)
				}
			}
		}
	}
}

// permittedOtherwise: the same question stands in the list for this policy, too.
func permittedOtherwise(list []question, q question, short string) bool {
	for _, other := range list {
		for _, c := range other.policies {
			if string(c) == short && other.call == q.call && fmt.Sprint(other.args) == fmt.Sprint(q.args) {
				return true
			}
		}
	}
	return false
}

// No number, known or not, is allowed by accident: with arguments of all ones
// only the calls that are listed without conditions pass.
func TestForeignNumbers(t *testing.T) {
	for _, name := range []string{"pure", "read", "follow", "open", "write", "wait"} {
		b, err := compiled.ReadFile("bpf/" + name + "_amd64.bpf")
		if err != nil {
			t.Fatal(err)
		}
		program := instructions(b)
		passed := 0
		for nr := range uint32(1024) {
			if got, err := evaluate(program, archAMD64, nr, ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)); err != nil {
				t.Fatal(err)
			} else if got == unix.SECCOMP_RET_ALLOW {
				passed++
			}
			for _, arch := range []uint32{arch386, archARM64, 0} {
				if got, _ := evaluate(program, arch, nr); got != unix.SECCOMP_RET_KILL_PROCESS {
					t.Errorf("%s: call %d of architecture %#x gives %#x", name, nr, arch, got)
				}
			}
			if got, _ := evaluate(program, archAMD64, nr|0x40000000); got != unix.SECCOMP_RET_KILL_PROCESS {
				t.Errorf("%s: x32 call %d gives %#x", name, nr, got)
			}
		}
		if passed > 10 {
			t.Errorf("%s: %d calls pass with any arguments", name, passed)
		}
	}
}

func TestSignalSelf(t *testing.T) {
	program := signalSelf(4711)
	for _, test := range []struct {
		nr   uint32
		pid  uint64
		want uint32
	}{
		{unix.SYS_KILL, 4711, unix.SECCOMP_RET_ALLOW},
		{unix.SYS_KILL, 4712, unix.SECCOMP_RET_KILL_PROCESS},
		{unix.SYS_KILL, 0, unix.SECCOMP_RET_KILL_PROCESS},
		{unix.SYS_KILL, ^uint64(0), unix.SECCOMP_RET_KILL_PROCESS},
		{unix.SYS_GETPID, 0, unix.SECCOMP_RET_ALLOW},
	} {
		if got, err := evaluate(program, archAMD64, test.nr, test.pid, 15); err != nil || got != test.want {
			t.Errorf("%+v: %#x, %v", test, got, err)
		}
	}
}

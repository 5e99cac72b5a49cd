// Package sandbox locks a program in before it reads a byte that a stranger
// wrote. It is for Unix filters: programs that open what they need, and from then
// on only turn input into output. Linux on x86-64 and arm64, Linux 5.12 or later,
// a static binary (CGO_ENABLED=0).
//
// # How to use it
//
// The program starts twice. The first start has all its rights: it parses flags,
// opens what was named, and calls [Enter], which confines the process and
// executes the same binary again. The second start calls [Lock], which asks the
// kernel whether all of that holds, adds the last layer, and returns. Then, and
// only then, the program reads.
//
//	func main() {
//		p := sandbox.Policy{Calls: "pure", Data: 512 << 20}
//		if !sandbox.Second() {
//			err := sandbox.Enter(p, sandbox.Handoff{}, sandbox.Default)
//			fmt.Fprintln(os.Stderr, err)
//			os.Exit(3)
//		}
//		if _, err := sandbox.Lock(p); err != nil {
//			fmt.Fprintln(os.Stderr, err)
//			os.Exit(3)
//		}
//		lines := bufio.NewScanner(os.Stdin)
//		for lines.Scan() {
//			fmt.Println(strings.ToUpper(lines.Text()))
//		}
//	}
//
// Why twice: most of what confines is an attribute of a thread, and a Go program
// has several before main begins. An execution leaves one thread, so every thread
// of the second start inherits all layers.
//
// # The layers
//
// In the order in which they are asked for. "must" ends the program where the layer
// cannot be had; with [RequireAll] every layer is a must.
//
//	layer         what                                           root   ordinary user
//	descriptors   0 1 2 exist, all others but the inputs closed  must   must
//	environment   empty                                          must   must
//	namespaces    mount, net, ipc, uts, cgroup; user             must   RequireAll
//	root          an empty, read-only tmpfs; old tree detached   must   RequireAll
//	rlimits       see below                                      must   must
//	user          another user for good (_sl, or nobody's id)    must   its own, for good
//	capabilities  all sets empty; bounding set, securebits       must   must (the first)
//	no_new_privs  no execution gives a right                     must   must
//	dumpable      no tracing by the user's other processes       must   must
//	mdwe          no memory both writable and executable         must   must, from Linux 6.3
//	landlock      nothing but Handoff.Folders                     where the kernel has it
//	apparmor      the profile PROGRAM//locked on top             where it is loaded
//	seccomp       the calls of lib/sandbox/calls; else SIGSYS   must   must
//
// Root without CAP_SYS_ADMIN, and root whose unshare(2) or mount(2) is refused, has the
// ordinary user's row for namespaces and root; so has root without CAP_SETUID, or in a
// user namespace without another user, for user. [Layer.Why] says so.
//
// An ordinary user without RequireAll has no namespaces: then only seccomp stops
// sockets, and Landlock those that its version knows: TCP from 4 on, abstract Unix
// sockets from 6, Unix sockets with a path from 9, UDP from 10.
//
// rlimits: CORE, MEMLOCK, MSGQUEUE, NICE, RTPRIO and LOCKS are 0; NOFILE is what
// is open; DATA is Policy.Data; FSIZE is 0, or 64 MiB where there are folders, or
// untouched where standard output or error is a regular file; NPROC is 64 in
// namespaces (4096 for the shared user _sl) and untouched for an ordinary user
// outside of them, because it would count all of the user's processes.
//
// # The second start
//
// Descriptors stand at fixed numbers, for the compiled policy has them in it:
// 0, 1 and 2; 3 and 4 are the Go runtime's poller; the inputs from 5 upward; the
// folders from 16 upward. Files that a program with folders opens come between.
//
// Its environment is TZ= and nothing else, so local time is UTC. What needs a file
// later must come from the first start in [Handoff].Blob: the data of a time zone,
// for instance. time.LoadLocation, os.Open, os.NewFile, os/exec, os/user, net,
// os/signal and crypto/rand make calls that no policy has, and so does io.Copy from
// one *os.File to another (splice). A panic, a fatal error and memory at
// its bound end the program with Go's status 2; signals do what they do to any
// program, for their handlers are gone: 141 for a reader that left, 143 for TERM,
// and 159 (SIGSYS) for a call outside of the policy, which the kernel logs:
//
//	type=1326 ... comm="sl-parse" exe="/usr/bin/sl-parse" sig=31 ... syscall=41
//
// A program with folders keeps its user, root included, and no capability: root
// without capabilities is the owner of the system's files and nothing more. It can
// replace a file that is its own, and cannot give a file to another user
// (CAP_CHOWN), write where the owner may not (CAP_DAC_OVERRIDE) or act on another
// user's file (CAP_FOWNER).
//
// # A companion
//
// What a program must not be able to do, a second process of the same binary can do
// for it, see [Companion]. It starts like the program: [Started] says which of the
// two a process is, each calls Lock with its own policy, and [Inside.Socket] joins
// them. The terminal is the program's alone: the companion has /dev/null and a session
// of its own. These policies are a companion's:
//
//	open         opens files beneath the folders for reading, and hands over their
//	             descriptors; root's has CAP_DAC_READ_SEARCH and no other capability
//	run          runs the programs of the system, on what is handed to them
//	run-network  and these have CAP_NET_ADMIN and CAP_NET_RAW over an empty network
//
// The last two are looser than all others, because nobody can list the calls of
// programs that are not ours. So what is not listed is refused and does not end them
// (ENOSYS), for which C libraries have another way; what they never need and an attacker
// would look for ends them: tracing, mounts, namespaces, modules, typing into a
// terminal. There are no sockets: socketpair(2) works, and with "run-network" netlink
// and iptables' raw sockets over the empty network. In return they are in namespaces whoever starts them (an ordinary user needs user
// namespaces for it), root's is the user _sl, and Landlock lets them
// read and execute /usr, /bin, /sbin and /lib, read /etc and the folders, and write
// nothing. The whole tree is mounted read-only for them. [Handoff].Scratch is the one
// exception: it hides a folder of the machine behind an empty tmpfs of a bounded size,
// which such a companion may fill and change. Nobody else sees that, and it ends with
// the companion.
//
// # The process that waits
//
// With [RequireAll] an ordinary user's second start is in a user namespace, which
// only a process with one thread can make: a child. The process that the shell
// waits for executes the program again as well, confined by the same layers except
// the namespaces; it has no input, learns how the child ended and ends so, too.
// The child does not outlive it.
//
// # The AppArmor profile
//
// It attaches by the program's path and has a child "locked", which the kernel
// stacks on it at the second execution: what both allow is allowed. Both need
// flags=(attach_disconnected), for the old root folder is gone when the program is
// executed again. The first must allow what the first start does and change_profile
// to the stack. The child needs the program (mr) and the two files that the Go
// runtime reads at its start; signals to itself; "deny network" for the checks to
// be silent; every file that is handed over, because the kernel asks again for
// inherited descriptors; and with folders the folder and its files (rwk), which
// stand at /0, /1, ... in the new root.
//
// # Who may start it
//
// A file that gives rights to whoever starts it (set-user-id, set-group-id, capabilities)
// is refused by [Enter]; [Raised] asks before anything is opened. Closed standard
// descriptors are no fault that a Go program can see: its runtime opens /dev/null.
//
// # What is believed
//
// Nothing that the environment says: a second start that somebody makes by hand
// ends with an error of Lock, unless that somebody has really confined it. Two
// things cannot be asked from inside. The ipc and cgroup namespaces are made by
// the call that makes mount, net and uts, or not at all. And before Linux 6.8 a
// process cannot ask for its AppArmor label without files; there a refused socket
// stands for it.
package sandbox

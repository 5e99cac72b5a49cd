package main

// A change leaves out one layer, or one part of it.
type change struct {
	layer string // as sl(7) calls it
	name  string
	what  string
	edits []edit
	vm    bool // only a kernel with AppArmor can tell
}

// An edit replaces text that stands in a file of lib/sandbox once.
type edit struct{ file, old, new string }

// c0 is no change: what the tests say then.
var c0 change

// tests are the runs of go test that the change should not survive, the quickest
// first.
func (c change) tests() [][]string {
	if c.vm {
		return [][]string{{"-count=1", "-failfast", "-run", "AppArmorVM", "./cmd"}}
	}
	return [][]string{
		{"-short", "-failfast", "./lib/sandbox"},
		{"-failfast", "./lib/sandbox"},
		{"-failfast", "./scripts/lab/escape"},
	}
}

// Changes that several cases make.
var (
	noQuestion = func(file, name, sign string) edit {
		head := "func " + name + "(" + sign + " {\n"
		return edit{file, head, head + "\tif true {\n\t\treturn nil\n\t}\n"}
	}
	notAskedNamespaces = noQuestion("namespaces.go", "inNamespaces", "named bool) error")
	notAskedRoot       = noQuestion("root.go", "inRoot", "k kind, o order) error")
	notAskedRlimits    = noQuestion("rlimits.go", "limited", "limits []rlimit) error")
	notAskedUser       = noQuestion("user.go", "oneUser", "stays bool) error")
	notAskedCaps       = noQuestion("capabilities.go", "withoutCapabilities", "closed bool, keeps uint64) error")
	notAskedNNP        = noQuestion("attributes.go", "noNewPrivs", ") error")
	notAskedMDWE       = edit{"lock.go", "holds: refusesExecGain,", `holds: func() (string, error) { return "", nil },`}
	notAskedLandlock   = edit{"lock.go", "holds: func() (string, error) { return keptByLandlock(k.owner && !o.namespaces) }}",
		`holds: func() (string, error) { _ = k; return "", nil }}`}
	notAskedAppArmor = noQuestion("apparmor.go", "inAppArmor", "child string) error")

	someNamespaces = func(flags string) edit {
		const all = "unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP\n"
		return edit{"namespaces.go", "const flags = " + all, "const flags = " + flags + "\n"}
	}
	noHostName = edit{"namespaces.go", `	l.add(layerNamespaces, "sethostname",`, `	nodeName := nodeName
	(&list{}).add(layerNamespaces, "sethostname",`}
	noRoot  = edit{"build.go", "		l.enterRoot(h.Folders, k)\n", "		(&list{}).enterRoot(h.Folders, k)\n"}
	noLimit = edit{"enter.go", "	for _, r := range limits {\n		l.limit(r)\n	}\n", "	_ = limits\n"}
	noUser  = edit{"enter.go", "	l.become(id)\n	l.dropCapabilities", "	l.dropCapabilities"}
	noNNP   = edit{"attributes.go", "	l.add(layerNoNewPrivs,", "	(&list{}).add(layerNoNewPrivs,"}
	noMDWE  = edit{"attributes.go", "		l.add(layerMDWE,", "		(&list{}).add(layerMDWE,"}
	noLock  = edit{"enter.go", "		l.enterLandlock(at)\n", "		(&list{}).enterLandlock(at)\n"}
	noStack = edit{"apparmor.go", `	err := request("stack " + profile)`, `	err := error(nil)`}

	noBounds  = edit{"build.go", "		l.closeBounds()\n", ""}
	noDropped = edit{"enter.go", "	l.dropCapabilities(id.keeps)\n", ""}
	noClosing = edit{"descriptors.go", `	l.add(layerDescriptors, "close_range", unix.SYS_CLOSE_RANGE, uintptr(at.above()), noEnd, 0)`, ""}
	noClosed  = edit{"descriptors.go", "unix.CloseRange(uint(keep), noEnd, 0)", "error(nil)"}
	noEmptied = edit{"order.go", "	os.Clearenv()\n", ""}
	allPassed = edit{"enter.go", "l.words(o.environment())", "l.words(append(o.environment(), os.Environ()...))"}
)

var cases = []change{
	{"descriptors", "first", "the first start closes nothing", []edit{noClosing}, false},
	{"descriptors", "second", "the second start closes nothing", []edit{noClosed}, false},
	{"descriptors", "both", "neither does", []edit{noClosing, noClosed}, false},
	{"descriptors", "question", "nobody asks whether the inputs are there",
		[]edit{{"descriptors.go", "	for i := range at.inputs {\n		if err := isOpen", "	for i := range 0 {\n		if err := isOpen"}}, false},
	{"environment", "first", "the first start passes it on", []edit{allPassed}, false},
	{"environment", "second", "the second start keeps it", []edit{noEmptied}, false},
	{"environment", "both", "both", []edit{allPassed, noEmptied}, false},
	{"namespaces", "made", "none is made but that of the mounts", []edit{someNamespaces("unix.CLONE_NEWNS"), noHostName}, false},
	{"namespaces", "asked", "nobody asks", []edit{notAskedNamespaces}, false},
	{"namespaces", "both", "neither made nor asked for", []edit{someNamespaces("unix.CLONE_NEWNS"), noHostName, notAskedNamespaces}, false},
	{"namespaces", "net", "the network is the machine's, and nobody asks",
		[]edit{someNamespaces("unix.CLONE_NEWNS | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP"), notAskedNamespaces}, false},
	{"namespaces", "ipc", "that of System V is the machine's",
		[]edit{someNamespaces("unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP")}, false},
	{"namespaces", "uts", "the host's name is the machine's, and nobody asks",
		[]edit{someNamespaces("unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWCGROUP"), noHostName, notAskedNamespaces}, false},
	{"namespaces", "cgroup", "that of the control groups is the machine's",
		[]edit{someNamespaces("unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS")}, false},
	{"root", "made", "the old tree stays", []edit{noRoot}, false},
	{"root", "asked", "nobody asks", []edit{notAskedRoot}, false},
	{"root", "both", "neither made nor asked for", []edit{noRoot, notAskedRoot}, false},
	{"root", "writable", "it can be written to, and nobody asks",
		[]edit{{"root.go", "	l.mount(\"read-only\", 0, dot, 0, unix.MS_REMOUNT|unix.MS_RDONLY|mountFlags, 0)\n", "	_ = dot\n"}, notAskedRoot}, false},
	{"root", "old", "the old tree is not detached, and nobody asks",
		[]edit{{"root.go", "	l.add(layerRoot, \"detach the old root\", unix.SYS_UMOUNT2, dot, unix.MNT_DETACH)\n	l.last().then = 2\n", "	l.last().then = 2\n"}, notAskedRoot}, false},
	{"rlimits", "made", "none is lowered", []edit{noLimit}, false},
	{"rlimits", "asked", "nobody asks", []edit{notAskedRlimits}, false},
	{"rlimits", "both", "neither lowered nor asked for", []edit{noLimit, notAskedRlimits}, false},
	{"rlimits", "processes", "their number is not lowered", []edit{{"build.go", "		l.limit(rlimit{\"NPROC\", unix.RLIMIT_NPROC, id.processes})\n", ""}}, false},
	{"rlimits", "descriptors", "their number is not lowered again",
		[]edit{{"rlimits.go", "	return unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: n, Max: n})\n", "	_ = n\n	return nil\n"}}, false},
	{"user", "made", "root stays root", []edit{noUser}, false},
	{"user", "asked", "nobody asks", []edit{notAskedUser}, false},
	{"user", "both", "root stays root, and nobody asks", []edit{noUser, notAskedUser}, false},
	{"user", "groups", "root's groups stay", []edit{{"build.go", "		l.dropGroups(s)\n", ""}}, false},
	{"user", "back", "nobody tries to become root again",
		[]edit{{"user.go", "	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, 0, 0, 0); errno == 0 {", "	if false {"}}, false},
	{"capabilities", "made", "no set is emptied", []edit{noBounds, noDropped}, false},
	{"capabilities", "asked", "nobody asks", []edit{notAskedCaps}, false},
	{"capabilities", "both", "neither emptied nor asked for", []edit{noBounds, noDropped, notAskedCaps}, false},
	{"capabilities", "bounds", "the bounding set stays, and nobody asks", []edit{noBounds, notAskedCaps}, false},
	{"no_new_privs", "made", "it is not set", []edit{noNNP}, false},
	{"no_new_privs", "asked", "nobody asks", []edit{notAskedNNP}, false},
	{"no_new_privs", "both", "neither set nor asked for, nor what stands on it", []edit{noNNP, notAskedNNP, noLock, notAskedLandlock}, false},
	{"dumpable", "made", "it is not set", []edit{{"attributes.go", "prctl(unix.PR_SET_DUMPABLE, 0) != 0 || prctl(unix.PR_GET_DUMPABLE) != 0", "prctl(unix.PR_GET_DUMPABLE) != 0"}}, false},
	{"dumpable", "asked", "nobody asks, and it is not set",
		[]edit{{"attributes.go", "prctl(unix.PR_SET_DUMPABLE, 0) != 0 || prctl(unix.PR_GET_DUMPABLE) != 0", "false"}}, false},
	{"mdwe", "made", "it is not set", []edit{noMDWE}, false},
	{"mdwe", "asked", "nobody asks", []edit{notAskedMDWE}, false},
	{"mdwe", "both", "neither set nor asked for", []edit{noMDWE, notAskedMDWE}, false},
	{"landlock", "made", "nothing is refused", []edit{noLock}, false},
	{"landlock", "asked", "nobody asks", []edit{notAskedLandlock}, false},
	{"landlock", "both", "neither refused nor asked for", []edit{noLock, notAskedLandlock}, false},
	{"landlock", "scopes", "signals and abstract sockets are let through", []edit{{"landlock.go",
		"attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL", "attr.Scoped = 0"}}, false},
	{"apparmor", "asked", "nobody asks", []edit{notAskedAppArmor}, false},
	{"apparmor", "made", "the child profile is not entered", []edit{noStack}, true},
	{"apparmor", "both", "neither entered nor asked for", []edit{noStack, notAskedAppArmor}, true},
	{"seccomp", "made", "no filter is loaded", []edit{{"lock.go", "	for _, f := range filters {\n", "	for _, f := range filters[:0] {\n"}}, false},
	{"seccomp", "threads", "one thread only gets the filter", []edit{{"seccomp.go", "unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr", "0, uintptr"}}, false},
	{"seccomp", "waiter", "the process that waits may signal others", []edit{{"lock.go",
		"shut(p, o, signalSelf(unix.Getpid()), instructions(waitProgram))", "shut(p, o, instructions(waitProgram))"}}, false},
	{"seccomp", "signals", "the Go runtime keeps its handlers", []edit{{"lock.go", "	defaultSignals(runtimeSignals)\n", ""}}, false},
}

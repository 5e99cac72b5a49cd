package main

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// verb is one kind of act.
type verb struct {
	args    int
	unshare int                                  // what the thread has of its own: CLONE_NEWNS
	prepare func(args []string, owner int) error // what has to be there before
	do      func(args []string) error            // the act
	outside func(pid int, args []string) error   // or what somebody unconfined does to the process
}

// verbs are all there are. Their arguments are what a rule would name.
var verbs = map[string]verb{
	"wait": {do: wait},

	"read":     {args: 1, prepare: file, do: opener(unix.O_RDONLY)},
	"write":    {args: 1, prepare: file, do: opener(unix.O_WRONLY)},
	"rdwr":     {args: 1, prepare: file, do: opener(unix.O_RDWR)},
	"append":   {args: 1, prepare: file, do: opener(unix.O_WRONLY | unix.O_APPEND)},
	"log":      {args: 1, prepare: file, do: appendText},
	"empty":    {args: 1, prepare: file, do: opener(unix.O_WRONLY | unix.O_TRUNC)},
	"create":   {args: 1, prepare: absent, do: opener(unix.O_WRONLY | unix.O_CREAT | unix.O_EXCL)},
	"truncate": {args: 1, prepare: file, do: func(a []string) error { return unix.Truncate(a[0], 0) }},
	"list":     {args: 1, prepare: folder, do: opener(unix.O_RDONLY | unix.O_DIRECTORY)},
	"mkdir":    {args: 1, prepare: absent, do: func(a []string) error { return unix.Mkdir(a[0], 0o777) }},
	"rmdir":    {args: 1, prepare: folder, do: func(a []string) error { return unix.Rmdir(a[0]) }},
	"unlink":   {args: 1, prepare: file, do: func(a []string) error { return unix.Unlink(a[0]) }},
	"symlink":  {args: 1, prepare: absent, do: func(a []string) error { return unix.Symlink("nowhere", a[0]) }},
	"fifo":     {args: 1, prepare: absent, do: func(a []string) error { return unix.Mknod(a[0], unix.S_IFIFO|0o666, 0) }},
	"device":   {args: 1, prepare: absent, do: func(a []string) error { return unix.Mknod(a[0], unix.S_IFCHR|0o666, 1<<8|3) }},
	"bindfile": {args: 1, prepare: absent, do: bindFile},
	"chmod":    {args: 1, prepare: file, do: func(a []string) error { return unix.Chmod(a[0], 0o600) }},
	"chown":    {args: 1, prepare: file, do: chownSame},
	"rename":   {args: 2, prepare: fileThenAbsent, do: func(a []string) error { return unix.Rename(a[0], a[1]) }},
	"replace":  {args: 2, prepare: twoFiles, do: func(a []string) error { return unix.Rename(a[0], a[1]) }},
	"exchange": {args: 2, prepare: twoFiles, do: exchange},
	"link":     {args: 2, prepare: absentThenFile, do: func(a []string) error { return unix.Link(a[1], a[0]) }},
	"lock":     {args: 1, prepare: file, do: locker(unix.O_RDONLY, unix.LOCK_SH)},
	"lockout":  {args: 1, prepare: file, do: locker(unix.O_RDWR, unix.LOCK_EX)},
	"map":      {args: 1, prepare: file, do: mapExecutable},
	"protect":  {args: 1, prepare: file, do: protectExecutable},
	"exec":     {args: 1, prepare: program, do: func(a []string) error { return execute(a[0], "true") }},
	"execcat":  {args: 2, prepare: programAndFile, do: func(a []string) error { return execute(a[0], "cat", a[1]) }},

	"cap": {args: 1, prepare: prepareCapability, do: useCapability},

	"socket":  {args: 2, do: makeSocket},
	"connect": {args: 1, do: connectTCP},
	"send":    {args: 1, do: sendUDP},
	"pair":    {args: 1, do: socketPair},

	"kill":    {args: 2, do: kill},
	"receive": {args: 1, outside: func(pid int, a []string) error { return sendSignal(pid, a[0]) }},
	"trace":   {args: 1, do: trace},
	"inspect": {args: 1, do: inspect},

	"mount":     {args: 4, unshare: unix.CLONE_NEWNS, prepare: mountPoint, do: newMount},
	"remount":   {args: 2, unshare: unix.CLONE_NEWNS, prepare: mounted, do: remount},
	"bind":      {args: 2, unshare: unix.CLONE_NEWNS, prepare: twoFolders, do: mounter(unix.MS_BIND)},
	"rbind":     {args: 2, unshare: unix.CLONE_NEWNS, prepare: twoFolders, do: mounter(unix.MS_BIND | unix.MS_REC)},
	"move":      {args: 2, unshare: unix.CLONE_NEWNS, prepare: mountedThenFolder, do: mounter(unix.MS_MOVE)},
	"propagate": {args: 2, unshare: unix.CLONE_NEWNS, prepare: mounted, do: remount},
	"umount":    {args: 1, unshare: unix.CLONE_NEWNS, prepare: mounted, do: func(a []string) error { return unix.Unmount(a[0], 0) }},
	"pivot":     {args: 2, unshare: unix.CLONE_NEWNS, prepare: pivotFolders, do: func(a []string) error { return unix.PivotRoot(a[1], a[0]) }},

	"change": {args: 1, do: func(a []string) error { return setAttr("current", "changeprofile "+a[0]) }},
	"onexec": {args: 1, do: func(a []string) error { return setAttr("exec", "exec "+a[0]) }},
	"limit":  {args: 2, do: setLimit},
}

// wait is for what others do: it says that it is there, and ends with its input.
func wait([]string) error {
	fmt.Println("ready")
	os.Stdin.Read(make([]byte, 1))
	return nil
}

// execute runs a program under another name, for busybox goes by it, and waits.
func execute(path string, argv ...string) error {
	// A pipe has no name that a profile could refuse; and a program whose
	// environment was scrubbed has to have these three.
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		return err
	}
	defer unix.Close(p[0])
	defer unix.Close(p[1])
	pid, err := syscall.ForkExec(path, argv, &syscall.ProcAttr{Files: []uintptr{uintptr(p[0]), uintptr(p[1]), uintptr(p[1])}})
	if err != nil {
		return err
	}
	var status unix.WaitStatus
	if _, err := unix.Wait4(pid, &status, 0, nil); err != nil {
		return err
	}
	if status != 0 {
		return unix.EACCES // it could not do what it was started for
	}
	return nil
}

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Files belong to whom the act says, and everybody may do everything with them,
// so that nothing but AppArmor is in the way.

// file makes sure that there is a file.
func file(a []string, owner int) error { return makeFile(a[0], owner) }

func makeFile(path string, owner int) error {
	for _, system := range []string{"/proc/", "/sys/", "/dev/", "/usr/", "/etc/"} {
		if strings.HasPrefix(path, system) {
			return nil
		}
	}
	// A new one: what stands there may be another name of a program.
	if err := absent([]string{path}, 0); err != nil {
		return err
	}
	if err := os.WriteFile(path, []byte("text\n"), 0o666); err != nil {
		return err
	}
	return errors.Join(os.Chmod(path, 0o666), os.Chown(path, owner, owner))
}

// makeFolder makes a folder, and those above it, that everybody may write to.
func makeFolder(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := makeFolder(filepath.Dir(filepath.Clean(path))); err != nil {
		return err
	}
	return errors.Join(os.Mkdir(path, 0o777), os.Chmod(path, 0o777))
}

func folder(a []string, owner int) error {
	return errors.Join(makeFolder(a[0]), os.Chown(a[0], owner, owner))
}

// absent makes sure that there is nothing but the folder for it.
func absent(a []string, _ int) error {
	if err := os.Remove(a[0]); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return makeFolder(filepath.Dir(filepath.Clean(a[0])))
}

func fileThenAbsent(a []string, owner int) error {
	return errors.Join(file(a[:1], owner), absent(a[1:], owner))
}

func absentThenFile(a []string, owner int) error {
	return errors.Join(absent(a[:1], owner), file(a[1:], owner))
}

func twoFiles(a []string, owner int) error {
	return errors.Join(file(a[:1], owner), file(a[1:], owner))
}

func twoFolders(a []string, owner int) error {
	return errors.Join(folder(a[:1], owner), folder(a[1:], owner))
}

func opener(flags int) func([]string) error {
	return func(a []string) error {
		fd, err := unix.Open(a[0], flags|unix.O_CLOEXEC, 0o666)
		if err == nil {
			unix.Close(fd)
		}
		return err
	}
}

// appendText appends, for which the kernel asks twice: at the opening and, as for
// writing anywhere, at the write.
func appendText(a []string) error {
	fd, err := unix.Open(a[0], unix.O_WRONLY|unix.O_APPEND|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, []byte("x"))
	return err
}

func locker(flags, how int) func([]string) error {
	return func(a []string) error {
		fd, err := unix.Open(a[0], flags|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		return unix.Flock(fd, how)
	}
}

// chownSame changes the owner to the present one, for which nobody needs a
// capability.
func chownSame(a []string) error { return unix.Lchown(a[0], unix.Geteuid(), -1) }

func exchange(a []string) error {
	return unix.Renameat2(unix.AT_FDCWD, a[0], unix.AT_FDCWD, a[1], unix.RENAME_EXCHANGE)
}

func mapExecutable(a []string) error { return mapAs(a[0], unix.PROT_READ|unix.PROT_EXEC, 0) }

func protectExecutable(a []string) error {
	return mapAs(a[0], unix.PROT_READ, unix.PROT_READ|unix.PROT_EXEC)
}

func mapAs(path string, first, then int) error {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	m, err := unix.Mmap(fd, 0, 1, first, unix.MAP_PRIVATE)
	if err != nil {
		return err
	}
	defer unix.Munmap(m)
	if then == 0 {
		return nil
	}
	return unix.Mprotect(m, then)
}

const busybox = "/bin/busybox"

// program puts a program at the path.
func program(a []string, _ int) error {
	return errors.Join(absent(a, 0), os.Link(busybox, a[0]))
}

func programAndFile(a []string, owner int) error {
	return errors.Join(program(a[:1], owner), file(a[1:], owner))
}

package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/stage"
)

// readDecisions reads the file of --decisions. Whoever can write it can have any rule
// written, so that may be root, the user and the user's own group only.
func readDecisions(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var st unix.Stat_t
	if err := unix.Fstat(int(file.Fd()), &st); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	me, group := uint32(os.Geteuid()), uint32(os.Getegid())
	others := st.Uid != 0 && st.Uid != me ||
		st.Mode&unix.S_IWOTH != 0 || st.Mode&unix.S_IWGRP != 0 && st.Gid != 0 && st.Gid != group
	if kind := st.Mode & unix.S_IFMT; others && (kind == unix.S_IFREG || kind == unix.S_IFIFO) {
		return nil, stage.WithHint(fmt.Errorf("%s: others than root and you can write it, and so could have any rule accepted", path),
			fmt.Sprintf("if its lines are yours: chown %d %s; chmod go-w %s", me, path, path))
	}
	return io.ReadAll(file)
}

package checker

import "regexp"

// Lines that sl-write writes, in its two syntaxes.
var (
	nftCommand     = regexp.MustCompile(`^add (rule|element) inet filter sl-`)
	restoreCommand = regexp.MustCompile(`^-[46] -A SL-`)
)

// checkNFT loads the file into an empty ruleset.
func checkNFT(text []byte) error {
	if _, err := run(nil, "nft", "flush", "ruleset"); err != nil {
		return err
	}
	return loader{command: nftCommand, load: func(text []byte, _ bool) error {
		_, err := run(text, "nft", "-f", "-")
		return err
	}}.file(text)
}

// owner is a match that the kernel takes from the first user namespace only
// (net/netfilter/xt_owner.c, owner_check).
var owner = regexp.MustCompile(` -m owner( ! | )--[ug]id-owner [0-9]+(-[0-9]+)?`)

// checkRestore loads the file as both families do: each passes over the lines that
// are for the other. A load empties the tables first. The match for the owner of a
// socket is left out, for here nobody could load it.
func checkRestore(file []byte) error {
	text := owner.ReplaceAll(file, nil)
	for _, name := range []string{"iptables-restore", "ip6tables-restore"} {
		err := loader{command: restoreCommand, open: "*filter\n", close: "COMMIT\n", load: func(text []byte, more bool) error {
			var args []string
			if more {
				args = []string{"--noflush"}
			}
			_, err := run(text, name, args...)
			return err
		}}.file(text)
		if err != nil {
			return err
		}
	}
	return nil
}

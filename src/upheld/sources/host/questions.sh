# What Upheld asks a Linux host: one POSIX shell script, read from standard input or pinned on the host, writing nothing.
# Answers are sections: a line "=NAME" in the first column, the content with a blank before each line, and as its last
# line " =STATUS". A section without that line was cut off. Status 43: may not be read; 44: is not there; 124: took too long.
# Set before it: STORES (folders), R (prefix of the tree, empty for /), WANT (tables), SCAN (folders), CERTIFICATES (files), VERIFY (yes or no), PATIENCE (seconds).
: "${STORES:=}" "${R:=}" "${WANT:=all}" "${SCAN:=/}" "${CERTIFICATES:=}" "${VERIFY:=yes}" "${PATIENCE:=300}"
LC_ALL=C TZ=UTC0 PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
export R SCAN LC_ALL TZ PATH
LIMIT=67108864
TAB=$(printf '\t')

for_tables() {
  for table in $1; do case " $WANT " in *" all "* | *" $table "*) return 0 ;; esac; done
  return 1
}

# run SECONDS COMMAND [ARGUMENT]: COMMAND by sh, its argument as $1, stopped after so long.
run() {
  if command -v timeout >/dev/null 2>&1; then timeout -k 2 "$1" sh -c "$2" upheld "${3-}" 2>/dev/null; else sh -c "$2" upheld "${3-}" 2>/dev/null; fi
}

# answer NAME SECONDS COMMAND [ARGUMENT]: a section with what COMMAND makes of what it reads; ask gives it nothing to read.
answer() {
  printf '=%s\n' "$1"
  {
    run "$2" "$3" "${4-}"
    printf '\n=%s\n' "$?"
  } | head -c "$LIMIT" | sed 's/^/ /'
  printf '\n'
}
ask() { answer "$@" </dev/null; }

# walk FOLDER: files that may be run or have setuid or setgid, and folders that may not be searched (mode 0), a line each, "MODE OWNER PATH"; then
# "=STATUS". A line end in a name is told as \n and a backslash as \b, so that a variable holds it. Files that vanish meanwhile are no failure.
walk() {
  {
    run "$PATIENCE" '[ -d "$R$1" ] || exit 44; find "$R/" -maxdepth 0 -printf "" || exit 127
      find "$R$1" -ignore_readdir_race -xdev \( -type d \( ! -readable -o ! -executable \) -printf "0 - %p\0" \) -o \( -type f -perm /6111 -printf "%m %u %p\0" \); exit 0' "$1" </dev/null
    printf '\0=%s\0' "$?"
  } | head -c "$LIMIT" | sed -z 's/\\/\\b/g; s/\n/\\n/g' | tr '\0' '\n'
}

# found EXPRESSION: those of the walk whose mode and owner are so, each ended by NUL; named leaves their names alone.
found() { printf '%s\n' "$walked" | sed -n -E "/$1/p" | tr '\n' '\0' | sed -z 's/\\n/\n/g; s/\\b/\\/g'; }
named() { sed -z 's/^[^ ]* [^ ]* //'; }

# show PATH: a small file of the tree, by its path inside it.
show() {
  case "$1" in *"
"*) return ;; esac
  ask "file $1" 10 'f=$R$1
    [ -e "$f" ] || [ -L "$f" ] || { d=${f%/*}; while [ ! -e "$d" ]; do d=${d%/*}; done; [ -x "$d" ] && exit 44; exit 43; }
    [ -f "$f" ] || exit 44; [ -r "$f" ] || exit 43; head -c 4194304 "$f"' "$1"
}

# show_all FOLDER: every plain file directly in a folder of the tree.
show_all() {
  for found in "$R$1"/* "$R$1"/.[!.]*; do [ -f "$found" ] && show "${found#"$R"}"; done
}

live() { [ -z "$R" ]; }

# sudoers PATH DEPTH: the file and all that it includes.
sudoers() {
  [ "$2" -gt 8 ] && return
  show "$1"
  [ -r "$R$1" ] || return
  sed -n 's/^[[:space:]]*[#@]include\(dir\)\{0,1\}[[:space:]]\{1,\}"\{0,1\}\([^"]*[^"[:space:]]\)"\{0,1\}[[:space:]]*$/\1:\2/p' "$R$1" | while IFS= read -r line; do
    named=${line#*:}
    case "$named" in /*) ;; *) named=${1%/*}/$named ;; esac
    case "$line" in
      dir:*) for part in "$R$named"/*; do [ -f "$part" ] && sudoers "${part#"$R"}" $(($2 + 1)); done
             [ -d "$R$named" ] && { [ -r "$R$named" ] || ask "folder $named" 5 'exit 43'; } ;;
      *) sudoers "$named" $(($2 + 1)) ;;
    esac
  done
}

# The keys that may sign in to each account: the two usual files, and what sshd_config names instead.
authorized_keys() {
  patterns=$(cat "$R"/etc/ssh/sshd_config "$R"/etc/ssh/sshd_config.d/*.conf 2>/dev/null | sed -n 's/^[[:space:]]*[Aa]uthorized[Kk]eys[Ff]ile[[:space:]=]*//p' | head -n 1)
  : "${patterns:=.ssh/authorized_keys .ssh/authorized_keys2}"
  while IFS=: read -r user _ _ _ _ home _; do
    case "$home" in /?*) ;; *) continue ;; esac
    for pattern in $patterns; do
      path=$(printf '%s' "$pattern" | sed "s|%h|$home|g; s|%u|$user|g; s|%%|%|g")
      case "$path" in none) continue ;; /*) ;; *) path=$home/$path ;; esac
      if [ -e "$R$path" ] || { [ -d "$R$home" ] && [ ! -x "$R$home" ]; } || { [ -d "$R${path%/*}" ] && [ ! -x "$R${path%/*}" ]; }; then
        printf '=holder %s%s%s\n' "$user" "$TAB" "$path"
        show "$path"
      fi
    done
  done <"$R/etc/passwd"
}

set -f; set -- $SCAN; set +f
ask version 5 'echo 1'
ask whoami 5 'id -u'
ask clock 5 'date +%s.%N'
ask uname 5 'uname -s; uname -r; uname -m; uname -n'
show /etc/os-release
show /etc/hostname
[ -e "$R/etc/os-release" ] || show /usr/lib/os-release

if for_tables "hosts capacity_readings"; then
  ask meminfo 5 'cat /proc/meminfo'
  ask boot 5 'grep ^btime /proc/stat'
fi
if for_tables "accounts host_accounts groups grants grantors sudo_rules logon_settings password_rules keys sessions"; then
  for path in /etc/passwd /etc/shadow /etc/group /etc/login.defs /etc/ssh/sshd_config; do show "$path"; done
  show_all /etc/ssh/sshd_config.d
fi
if for_tables "grants grantors sudo_rules groups"; then
  sudoers /etc/sudoers 0
  ask writable 10 'cd "$R/" && stat -c "%a %U %G %n" etc/sudoers etc/sudoers.d etc/passwd etc/shadow etc/group etc/gshadow; exit 0'
fi
if for_tables "logon_settings password_rules"; then
  live && ask sshd 10 'command -v sshd >/dev/null || exit 127; sshd -T'
  live && ask fail2ban 10 'command -v fail2ban-client >/dev/null || exit 127; fail2ban-client status sshd'
  show_all /etc/pam.d
  for path in /etc/security/pwquality.conf /etc/security/faillock.conf /etc/security/pwhistory.conf /etc/profile; do show "$path"; done
  show_all /etc/security/pwquality.conf.d
  show_all /etc/profile.d
fi
if for_tables accounts; then
  ask lastlog 20 'command -v lastlog >/dev/null || exit 127; [ -s "$R/var/log/lastlog" ] || exit 44; [ -r "$R/var/log/lastlog" ] || exit 43
    if [ -n "$R" ]; then lastlog -R "$R"; else lastlog; fi'
  ask wtmp 20 'command -v last >/dev/null || exit 127; [ -r "$R/var/log/wtmp" ] || exit 43; last -w --time-format iso -f "$R/var/log/wtmp"'
fi
if for_tables "accounts host_accounts keys"; then authorized_keys; fi
if for_tables keys; then
  for found in "$R"/etc/ssh/ssh_host_*_key.pub; do [ -f "$found" ] && show "${found#"$R"}"; done
  for path in $CERTIFICATES; do show "$path"; done
fi
if for_tables "packages package_deviations endpoint_software"; then
  ask dpkg 60 '[ -d "$R/var/lib/dpkg" ] || exit 44
    dpkg-query --admindir="$R/var/lib/dpkg" -W -f "\${db:Status-Abbrev}\t\${Package}\t\${Architecture}\t\${Version}\n"'
  ask digests 30 '[ -d "$R/var/lib/dpkg/info" ] || exit 44; cd "$R/var/lib/dpkg/info" && find . -name "*.md5sums"'
  ask rpm 60 'command -v rpm >/dev/null || exit 127; [ -d "$R/var/lib/rpm" ] || [ -d "$R/usr/lib/sysimage/rpm" ] || exit 44
    rpm --root "$R/" -qa --qf "%{NAME}\t%{ARCH}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n"'
fi
if for_tables package_deviations && [ "$VERIFY" = yes ]; then
  ask verify "$PATIENCE" '[ -d "$R/var/lib/dpkg" ] || exit 44
    found=$(dpkg --root="$R/" --verify) ; status=$?
    printf "%s\n" "$found"
    printf "@owners\n"
    printf "%s\n" "$found" | sed "s/^[^\/]*//; s/ ([A-Z][a-z].*)$//" | grep ^/ | tr "\n" "\0" | xargs -0 -r dpkg-query --admindir="$R/var/lib/dpkg" -S
    [ "$status" -le 1 ]'
  ask verify_rpm "$PATIENCE" 'command -v rpm >/dev/null || exit 127; [ -d "$R/var/lib/rpm" ] || [ -d "$R/usr/lib/sysimage/rpm" ] || exit 44
    rpm --root "$R/" -Va --nodeps --noscripts; exit 0'
  ask excluded 5 'cat "$R"/etc/dpkg/dpkg.cfg "$R"/etc/dpkg/dpkg.cfg.d/* | grep -E "^path-(ex|in)clude"; exit 0'
fi
if for_tables "software_installs restores"; then
  ask zone 5 '[ -e "$R/etc/localtime" ] || [ -L "$R/etc/localtime" ] || { echo UTC; exit 0; }; readlink "$R/etc/localtime" || cat "$R/etc/timezone"'
fi
if for_tables software_installs; then
  # Logs that were turned over are told too; the oldest come first.
  ask dpkg_log "$PATIENCE" '[ -d "$R/var/lib/dpkg" ] || exit 44; [ -r "$R/var/log/dpkg.log" ] || { [ -e "$R/var/log/dpkg.log" ] && exit 43; exit 44; }
    cd "$R/var/log" && for f in $(ls -r dpkg.log*); do zcat -f "$f"; done | grep -E "^[0-9: -]* (install|upgrade|remove) "; exit 0'
  ask apt_history "$PATIENCE" 'cd "$R/var/log/apt" 2>/dev/null || exit 44; [ -r history.log ] || exit 43; for f in $(ls -r history.log*); do zcat -f "$f"; done; exit 0'
  ask rpm_installs 60 'command -v rpm >/dev/null || exit 127; [ -d "$R/var/lib/rpm" ] || [ -d "$R/usr/lib/sysimage/rpm" ] || exit 44
    rpm --root "$R/" -qa --qf "%{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\t%{INSTALLTIME}\n"'
fi
if for_tables restores; then
  # What sudo wrote down; where there is no such log, the journal.
  ask sudo_log 60 'cd "$R/var/log" || exit 43; found=$(ls -r auth.log* secure* 2>/dev/null)
    if [ -n "$found" ]; then for f in $found; do [ -r "$f" ] || exit 43; zcat -f "$f"; done | grep -E "sudo.*COMMAND="; exit 0; fi
    [ -z "$R" ] && command -v journalctl >/dev/null || exit 44; journalctl -q --no-pager -o short-iso _COMM=sudo | grep COMMAND=; exit 0'
fi
if for_tables store_readers; then
  show /etc/passwd; show /etc/group
  for store in $STORES; do
    ask "store $store" 20 '[ -d "$R$1" ] || exit 44; stat -c "%a %U %G" "$R$1" || exit 43
      command -v getfacl >/dev/null && getfacl -c -p "$R$1" | grep -E "^(user|group):[^:]"; exit 0' "$store"
  done
fi
if for_tables privileged_files; then
  for folder in "$@"; do
    # A walk takes seconds on a large disk: there is one, and the four answers are made from what it found.
    walked=$(walk "$folder")
    S=$(printf '%s\n' "$walked" | sed -n '$s/^=//p')
    export S
    found '^(0 -|[2-7][0-7]{3}) ' | answer "setuid $folder" "$PATIENCE" 'cat; exit "${S:-141}"'
    found '^[2-7][0-7]{3} ' | named | answer "digest $folder" "$PATIENCE" 'xargs -0 -r sha256sum -z; exit 0'
    found '^[2-7][0-7]{3} ' | named | answer "owner $folder" "$PATIENCE" 'if [ ! -d "$R/var/lib/dpkg" ] && command -v rpm >/dev/null; then
        tr "\0" "\n" | while IFS= read -r f; do f=/${f#"$R"}; f=/${f#//}; f=/${f#/}
          name=$(rpm --root "$R/" -qf --qf "%{NAME}" "$f") && printf "%s: %s\n" "$name" "$f"; done; exit 0; fi
      command -v dpkg-query >/dev/null || exit 127
      tr "\0" "\n" | while IFS= read -r f; do f=/${f#"$R"}; f=/${f#//}; f=/${f#/}; printf "%s\0" "$f"; case $f in /usr/*) printf "%s\0" "${f#/usr}" ;; esac; done |
        xargs -0 -r dpkg-query --admindir="$R/var/lib/dpkg" -S; exit 0'
    # A capability has no effect on a file that nobody may run.
    found '^[1-7][0-7]* ' | named | answer "capabilities $folder" "$PATIENCE" 'command -v getcap >/dev/null || exit 127; xargs -0 -r getcap; exit 0'
  done
fi
if for_tables sessions && live; then
  ask sshd_sessions 10 'ps -C sshd -C sshd-session -o pid=,lstart=,user:64=,args=; exit 0'
  ask logind 20 'command -v loginctl >/dev/null || exit 127; loginctl --no-legend list-sessions >/dev/null || exit 44
    loginctl --no-legend list-sessions | while read -r number _; do printf "@%s\n" "$number"
      loginctl show-session "$number" -p Name -p User -p Timestamp -p Remote -p RemoteHost -p TTY -p Type -p Service -p IdleHint -p IdleSinceHint -p LockedHint -p Leader
    done; exit 0'
fi
if for_tables network_sightings && live; then
  ask neighbours 10 'command -v ip >/dev/null || exit 127; ip -o neigh show'
  ask addresses 10 'command -v ip >/dev/null || exit 127; ip -o addr show'
  ask leases 5 'cat /var/lib/misc/dnsmasq.leases /var/lib/dnsmasq/dnsmasq.leases 2>/dev/null; exit 0'
fi
if for_tables flows && live; then
  ask listening 10 'command -v ss >/dev/null || exit 127; ss -Htln'
  ask connections 10 'command -v ss >/dev/null || exit 127; ss -Htn state established'
fi
finish() { ask end 5 'echo done'; exit 0; }
live || finish
if for_tables "volumes devices capacity_readings"; then
  ask mounts 20 'findmnt -J -b --real -o TARGET,SOURCE,FSTYPE,SIZE,USED,AVAIL'
  ask blocks 20 'lsblk -J -b -o NAME,PATH,TYPE,FSTYPE,SIZE,MOUNTPOINTS'
  ask swaps 5 'cat /proc/swaps'
  ask luks 30 'command -v cryptsetup >/dev/null || exit 127
    lsblk -r -n -o PATH,FSTYPE | while read -r device kind; do [ "$kind" = crypto_LUKS ] || continue; printf "@%s\n" "$device"; cryptsetup luksDump "$device" | grep -iE "^Version|cipher|PBKDF:"; done; exit 0'
fi
if for_tables clock_readings; then
  ask chrony 10 'command -v chronyc >/dev/null || exit 127; chronyc -c tracking'
  ask timesync 10 'command -v timedatectl >/dev/null || exit 127; timedatectl show -p NTPSynchronized && timedatectl timesync-status'
fi
if for_tables "devices endpoint_software"; then ask serial 5 'cat /sys/class/dmi/id/product_serial'; fi
if for_tables devices; then
  ask clamav 30 'command -v clamscan >/dev/null || exit 127; clamscan --version'
  ask clamd 10 'for name in /proc/[0-9]*/comm; do read -r comm <"$name" || continue; case $comm in clamd | clamonacc) echo "$comm" ;; esac; done; exit 0'
  for found in /etc/dconf/db/*.d/* /etc/dconf/db/*.d/locks/*; do [ -f "$found" ] && show "$found"; done
fi
finish

; The installer of Windows, for one user and without an administrator. VERSION, APP (the packaged folder), SIZE_KB and OUT
; are given by scripts/lib/windows/windows-installer.mjs.
;
; /S installs without a window, and /RESTART starts the app at the end, as an app that updates itself asks for.
Unicode true
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma
; A file that can't be written ends the installer; by default one may skip it.
AllowSkipFiles off
!include LogicLib.nsh
!include FileFunc.nsh

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Podkeeper"
; Where the app registers itself: its links and its start at login.
!define LINKS_KEY "Software\Classes\podkeeper"
!define LOGIN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define LOGIN_VALUE "electron.app.Podkeeper"
!define WAIT_S 60

Name "Podkeeper"
OutFile "${OUT}"
Icon "${ICON}"
UninstallIcon "${ICON}"
VIProductVersion "${NUMERIC_VERSION}.0"
VIAddVersionKey ProductName "Podkeeper"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installer of Podkeeper"
VIAddVersionKey LegalCopyright "The Podkeeper authors"
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

; Ends the app, which may ask about what runs in it, and waits until Windows lets go of its program. A file that is
; executed can't be opened for writing.
!macro EndApp un
Function ${un}EndApp
  IfFileExists "$INSTDIR\Podkeeper.exe" 0 done
  ClearErrors
  FileOpen $0 "$INSTDIR\Podkeeper.exe" a
  IfErrors 0 ended
  Exec '"$INSTDIR\Podkeeper.exe" --quit'
  wait:
  StrCpy $1 0
  loop:
    Sleep 1000
    ClearErrors
    FileOpen $0 "$INSTDIR\Podkeeper.exe" a
    IfErrors 0 ended
    IntOp $1 $1 + 1
    IntCmp $1 ${WAIT_S} 0 loop 0
  MessageBox MB_RETRYCANCEL "Podkeeper is still running. Quit it, then try again." /SD IDCANCEL IDRETRY wait
  SetErrorLevel 2
  Abort "Podkeeper is still running. Nothing was changed."
  ended:
  FileClose $0
  done:
FunctionEnd
!macroend
!insertmacro EndApp ""
!insertmacro EndApp "un."

; Always the same folder, because it is replaced as a whole.
Function .onInit
  StrCpy $INSTDIR "$LOCALAPPDATA\Programs\Podkeeper"
FunctionEnd

Section
  ; All is there before anything of the earlier version is touched.
  RMDir /r "$INSTDIR.new"
  ClearErrors
  SetOutPath "$INSTDIR.new"
  File /r "${APP}\*"
  FileOpen $0 "$INSTDIR.new\resources\package-type" w
  FileWrite $0 "installer"
  FileClose $0
  WriteUninstaller "$INSTDIR.new\Uninstall Podkeeper.exe"
  IfErrors 0 complete
    SetErrorLevel 2
    Abort "Not all files could be written. Nothing was changed."
  complete:
  Call EndApp
  ; A folder that is in use can't be renamed.
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR.old"
  IfFileExists "$INSTDIR\*.*" 0 place
  ClearErrors
  Rename "$INSTDIR" "$INSTDIR.old"
  IfErrors 0 place
    SetErrorLevel 2
    Abort "The earlier version is in use. Nothing was changed."
  place:
  ClearErrors
  Rename "$INSTDIR.new" "$INSTDIR"
  IfErrors 0 placed
    Rename "$INSTDIR.old" "$INSTDIR"
    SetErrorLevel 2
    Abort "The new version could not be put in place. The earlier one is still there."
  placed:
  RMDir /r "$INSTDIR.old"

  CreateShortcut "$SMPROGRAMS\Podkeeper.lnk" "$INSTDIR\Podkeeper.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayName "Podkeeper"
  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayVersion "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" Publisher "The Podkeeper authors"
  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayIcon "$INSTDIR\Podkeeper.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" InstallLocation "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" UninstallString '"$INSTDIR\Uninstall Podkeeper.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" QuietUninstallString '"$INSTDIR\Uninstall Podkeeper.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" EstimatedSize ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" NoModify 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" NoRepair 1

  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/RESTART" $1
  ${IfNot} ${Errors}
    Exec '"$INSTDIR\Podkeeper.exe"'
  ${ElseIfNot} ${Silent}
    Exec '"$INSTDIR\Podkeeper.exe"'
  ${EndIf}
SectionEnd

; The data of the user stays in %APPDATA%\Podkeeper.
Section Uninstall
  ; It is the folder of this uninstaller, which someone may have moved.
  IfFileExists "$INSTDIR\Podkeeper.exe" found
    SetErrorLevel 2
    Abort "Podkeeper is not in this folder. Nothing was removed."
  found:
  Call un.EndApp
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR"
  Delete "$SMPROGRAMS\Podkeeper.lnk"
  DeleteRegValue HKCU "${LOGIN_KEY}" "${LOGIN_VALUE}"
  DeleteRegKey HKCU "${LINKS_KEY}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
SectionEnd
